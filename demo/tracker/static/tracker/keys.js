// Which fragment does a key reach? As far as the demo's own keys go: names, and parameters that are
// numbers. (The library's script knows the whole of it, and does not ask this file.)

const split = (key) => {
  const [name, ...params] = key.split(";");
  return { name, params: new Map(params.map((param) => param.trim().split("="))) };
};

function covers(stale, bound) {
  if (stale.name === "*") return true;
  const agree = ([name, value]) => !bound.params.has(name) || bound.params.get(name) === value;
  return stale.name === bound.name && [...stale.params].every(agree);
}

/** Whether an element's data-mizan-keys has one that the stale keys reach. */
export function reached(element, stale) {
  const bound = (element.dataset.mizanKeys ?? "").split(",").map((key) => split(key.trim()));
  return stale.map(split).some((key) => bound.some((own) => covers(key, own)));
}

/** What a person would call a fragment. */
export function nameOf(element) {
  return element.dataset.label ?? element.querySelector("h3")?.textContent.trim() ?? element.dataset.mizanKeys;
}
