// What the demo adds by hand to the library's one script: error texts, notices, two shortcuts.
// The very file that {% mizan_scripts %} loads, so that it is fetched once.
import { mizanCall } from "../mizan_htmx/mizan.min.js";

const notice = document.getElementById("notice");
let hiding;

function say(text) {
  notice.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => { notice.textContent = ""; }, 5000);
}

const call = (name, args) => mizanCall(name, args).catch((error) => say(error.message));

// ── A mutation that failed: what is wrong with a field stands beside it, all else in the notice ──

function showError(form, message) {
  const place = form?.querySelector("[data-error]");
  if (!place) return say(message);
  place.textContent = message;
  place.hidden = false;
  const field = form.querySelector("input[name=title]");
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function clearError(form) {
  const place = form?.querySelector("[data-error]");
  if (!place || place.hidden) return;
  place.hidden = true;
  form.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
}

document.addEventListener("mizan:error", (event) => {
  const { status, message, details } = event.detail;
  if (status === 422) showError(event.target.closest("form"), details?.[0]?.message ?? message);
  else say(message);
});
document.addEventListener("input", (event) => clearError(event.target.form));
document.addEventListener("reset", (event) => clearError(event.target));

// ── Plain calls: arguments in, result out; what they made stale refetches by itself ──

for (const button of document.querySelectorAll("[data-assign-open]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const result = await call("assign_open", { board_id: Number(button.dataset.assignOpen) });
    if (result) say(result.count ? `Assigned: ${result.count}` : "Every open card has somebody.");
  });
}

const SHORTCUTS = { x: "toggle_card", m: "take_card" };

for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

document.addEventListener("keydown", (event) => {
  const name = SHORTCUTS[event.key];
  const card = event.target.closest?.(".card");
  if (!name || !card || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  call(name, { card_id: Number(card.querySelector(".tick").id.slice("toggle-".length)) });
});

// ── Focus: htmx gives it back within what it swapped; a card that moved takes it along ──
// Who walks by keyboard must see where the focus went; others are not scrolled away.
let focused = { id: "" };

document.addEventListener("pointerdown", () => { focused = { id: "" }; }, true);
document.addEventListener("focusin", ({ target }) => {
  if (focused.byKeyboard && target.id === focused.id) target.scrollIntoView({ block: "nearest" });
  focused = { id: target.id, byKeyboard: target.matches(":focus-visible") };
});
document.addEventListener("mizan:fresh", () => {
  if (document.activeElement !== document.body || !focused.id) return;
  const same = document.getElementById(focused.id);
  const card = document.getElementById(focused.id.replace(/^\w+-/, "toggle-"));
  (same ?? card)?.focus({ preventScroll: !focused.byKeyboard });
});
