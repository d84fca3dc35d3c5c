// A fragment that changed says so: it flashes softly (tracker.css; not for those who want less
// motion) and is announced. Built on mizan:invalidated and mizan:fresh.
import { nameOf, reached } from "./keys.js";

const before = new WeakMap();
const announcer = document.getElementById("announcer");
const bound = (root) => [...root.querySelectorAll("[data-mizan-keys]")];

/** What a fragment says, without the tokens in it. */
function said(element) {
  const pressed = [...element.querySelectorAll("[aria-pressed]")].map((button) => button.ariaPressed);
  return element.textContent.replace(/\s+/g, " ") + pressed;
}

document.addEventListener("mizan:invalidated", ({ detail }) => {
  for (const element of bound(document)) {
    if (!reached(element, detail.keys)) continue;
    const parts = new Map(bound(element).map((part) => [part.dataset.mizanKeys, said(part)]));
    before.set(element, { text: said(element), parts });
  }
});

document.addEventListener("mizan:fresh", ({ target }) => {
  const old = before.get(target);
  if (!old || old.text === said(target)) return;
  // Of a column only the cards that are new or other flash, unless it lost one.
  const parts = bound(target).filter((part) => old.parts.get(part.dataset.mizanKeys) !== said(part));
  for (const element of parts.length ? parts : [target]) flash(element);
  const added = parts.find((part) => !old.parts.has(part.dataset.mizanKeys));
  if (added) target.scrollTop = added.offsetTop - target.clientHeight / 2;
  announce(nameOf(target));
});

function flash(element) {
  element.dataset.flash = "";
  setTimeout(() => delete element.dataset.flash, 1400);
}

let names = new Set();
let timer;

function announce(name) {
  names.add(name);
  clearTimeout(timer);
  timer = setTimeout(() => {
    announcer.textContent = `Updated: ${[...names].join(", ")}`;
    names = new Set();
  }, 400);
}
