// What the demo adds by hand to the library's one script: error texts, notices, a few calls, the
// drawer. The very file that {% mizan_scripts %} loads, so that it is fetched once.
import { mizanCall } from "../mizan_htmx/mizan.min.js";

const notice = document.getElementById("notice");
let hiding;

function say(text) {
  notice.textContent = text;
  // A modal dialog stands above everything else: while it is open the notice stands in it.
  (document.querySelector("dialog[open]") ?? document.body).append(notice);
  clearTimeout(hiding);
  hiding = setTimeout(() => { notice.textContent = ""; }, 6000);
}

const call = (name, args) => mizanCall(name, args).catch((error) => say(error.message));

// ── A mutation that failed: what is wrong with a field stands beside it, all else in the notice ──

function showErrors(form, details) {
  const placed = details.filter(({ loc, message }) => {
    const place = form?.querySelector(`[data-error="${CSS.escape(loc[0] ?? "")}"]`);
    if (!place) return false;
    place.textContent = message;
    place.hidden = false;
    form.elements[loc[0]]?.setAttribute?.("aria-invalid", "true");
    return true;
  });
  form?.querySelector("[aria-invalid]")?.focus();
  return placed.length > 0;
}

function clearErrors(form) {
  for (const place of form?.querySelectorAll("[data-error]") ?? []) place.hidden = true;
  for (const field of form?.querySelectorAll("[aria-invalid]") ?? []) field.removeAttribute("aria-invalid");
}

document.addEventListener("mizan:error", (event) => {
  const { status, message, details } = event.detail;
  const form = event.target.closest("form");
  clearErrors(form);
  if (status !== 422 || !showErrors(form, details ?? [])) say(message);
});
document.addEventListener("input", ({ target }) => {
  if (target.hasAttribute("aria-invalid")) clearErrors(target.form);
});
document.addEventListener("reset", ({ target }) => clearErrors(target));

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
  const card = event.target.closest?.("[data-card]");
  if (!name || !card || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  call(name, { card_id: Number(card.dataset.card) });
});

let dragged;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]");
  dragged?.toggleAttribute("data-dragged", true);
  event.dataTransfer?.setDragImage(dragged ?? event.target, 20, 20);
});
document.addEventListener("dragend", () => {
  dragged?.removeAttribute("data-dragged");
  over();
  dragged = undefined;
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  over(column);
  if (column) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  if (column.contains(dragged)) return;
  call("move_card", { card_id: Number(dragged.dataset.card), column_id: Number(column.dataset.column) });
});

function over(column) {
  for (const other of document.querySelectorAll("[data-over]")) other.toggleAttribute("data-over", other === column);
  column?.toggleAttribute("data-over", true);
}

// ── The drawer: htmx fetches a card into it, and its fragments live there as anywhere ──
const drawer = document.getElementById("drawer");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-drawer]");
  if (!link || !drawer) return;
  // Who wants another tab or window gets it: htmx would take this click, too.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return event.stopImmediatePropagation();
  document.getElementById("drawer-body").replaceChildren();
  drawer.dataset.opener = link.id;
  drawer.showModal();
}, true);
drawer?.addEventListener("click", (event) => {
  if (event.target === drawer) drawer.close();
});
// Outside nothing is left to refetch what nobody sees.
drawer?.addEventListener("close", () => {
  document.getElementById("drawer-body").replaceChildren();
  document.body.append(notice);
  document.getElementById(drawer.dataset.opener)?.focus({ preventScroll: true });
});

// A card that is gone, here or for somebody else: a refetch was answered with 404.
document.addEventListener("mizan:denied", ({ target, detail }) => {
  const page = target.closest("[data-card-page]");
  if (!page || detail.status !== 404) return;
  if (drawer?.contains(page)) drawer.close();
  else location.assign(page.dataset.cardPage);
});

// A menu closes as menus do.
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  const menu = document.querySelector(".menu[open]");
  menu?.removeAttribute("open");
  menu?.querySelector("summary").focus();
});
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target)) menu.open = false;
});
// The script resets a form after a success; then its menu has done its work.
document.addEventListener("reset", ({ target }) => target.closest(".menu")?.removeAttribute("open"));

// ── Focus: htmx gives it back within what it swapped; a card that moved takes it along ──
// Who walks by keyboard must see where the focus went; others are not scrolled away.
let focused = { id: "" };

document.addEventListener("pointerdown", () => { focused = { id: "" }; }, true);
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-mizan-keys]")) return; // it stands in for what is gone
  if (focused.byKeyboard && target.id === focused.id) target.scrollIntoView({ block: "nearest" });
  focused = { id: target.id, byKeyboard: target.matches(":focus-visible") };
});
document.addEventListener("mizan:fresh", () => {
  // What held the focus is gone: the body has it, or the fragment that it was in.
  if (!document.activeElement.matches("body, [data-mizan-keys]") || !focused.id) return;
  // The same button; else, of the same card, its form's or its first.
  const ids = ["", "edit-", "toggle-"].map((kind) => (kind ? focused.id.replace(/^\w+-/, kind) : focused.id));
  const place = ids.map((id) => document.getElementById(id)).find((found) => found?.checkVisibility());
  place?.focus({ preventScroll: !focused.byKeyboard });
});
