// The strip at the foot: for each write the keys that the server's answer carried, and the fragments
// that refetched for them. It knows nothing but the script's public events on document.
import { nameOf, reached } from "./keys.js";

const KEPT = 30;
const log = document.getElementById("strip-log");
const last = document.getElementById("strip-last");
const entries = [];

document.getElementById("strip").hidden = false;

function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  return Object.assign(element, attributes);
}

const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const rounded = (ms) => `${Math.round(ms)} ms`;

document.addEventListener("mizan:invalidated", ({ detail: { keys, source } }) => {
  const entry = { keys, at: performance.now(), count: 0, list: make("ul", "") };
  const item = make("li", "");
  const sent = make("p", "", { className: "sent" });
  sent.append(make("time", new Date().toLocaleTimeString("en-GB")), make("span", `${source}:`));
  for (const key of keys) sent.append(make("code", key));
  entry.total = make("span", "", { className: "hint" });
  sent.append(entry.total);
  item.append(sent, entry.list);
  log.prepend(item);
  document.getElementById("strip-empty").hidden = true;
  entries.unshift(entry);
  if (entries.length > KEPT) {
    entries.pop();
    log.lastChild.remove();
  }
  tell(entry);
});

function tell(entry) {
  const took = entry.count ? ` in ${rounded(performance.now() - entry.at)}` : "";
  entry.total.textContent = `${counted(entry.count, "fragment")}${took}`;
  last.textContent = `${counted(entry.keys.length, "key")} sent, ${entry.total.textContent}`;
}

function note(word) {
  return ({ target, detail }) => {
    const entry = entries.find(({ keys }) => reached(target, keys));
    if (!entry) return; // it fetched itself for a reason of its own
    const line = make("li", "", { className: word });
    line.append(make("b", nameOf(target)), make("code", target.dataset.mizanKeys));
    line.append(make("span", word === "fresh" ? rounded(detail.ms) : `${word}, ${detail.status}`));
    entry.list.append(line);
    entry.count += word === "fresh";
    tell(entry);
  };
}

for (const word of ["fresh", "stale", "denied"]) document.addEventListener(`mizan:${word}`, note(word));
