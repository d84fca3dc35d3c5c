/* mizan_htmx: built from src/ by npm run build, do not edit. */

// mizan_htmx/static/mizan_htmx/src/keys.js
var MAX_KEYS = 64;
var MAX_BYTES = 2048;
var ITEM = String.raw`-?\d{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[\da-f]{2})*"|\?[01]|null`;
var PARAM = `; *([a-z*][a-z0-9_.*-]*)(?:=(${ITEM}))?`;
var MEMBER = RegExp(String.raw`[ \t]*(\*|[a-z][a-z0-9_.]*)((?:${PARAM})*)[ \t]*(?:,|$)`, "y");
var PARAMS = RegExp(PARAM, "g");
var ANY = { name: "*", params: /* @__PURE__ */ new Map(), text: "*" };
function parse(text) {
  const keys = [];
  for (let at = 0; at < text.length; ) {
    MEMBER.lastIndex = at;
    const match = MEMBER.exec(text);
    at = match ? MEMBER.lastIndex : text.indexOf(",", at) + 1 || text.length;
    try {
      if (match) keys.push({ name: match[1], params: new Map(readAll(match[2])), text: match[1] + match[2] });
    } catch {
    }
  }
  return keys;
}
function fromHeader(text) {
  if (text.length > MAX_BYTES) return [ANY];
  const keys = parse(text);
  return keys.length > MAX_KEYS ? [ANY] : keys;
}
function covers(a, b) {
  return a.name === "*" || a.name === b.name && [...a.params].every(([p, v]) => !b.params.has(p) || b.params.get(p) === v);
}
function format({ name, params }) {
  return Array.from(params).sort(([a], [b]) => a < b ? -1 : 1).reduce((text, [param, value]) => `${text};${param}=${write(value)}`, name);
}
function key(name, params = {}) {
  const text = (value) => value === null || typeof value === "boolean" ? value : `${value}`;
  return { name, params: new Map(Object.entries(params).map(([param, value]) => [param, text(value)])) };
}
function readAll(params) {
  return Array.from(params.matchAll(PARAMS), ([, param, item = "?1"]) => [param, read(item)]);
}
function read(item) {
  if (item === "null") return null;
  if (item[0] === "?") return item === "?1";
  if (item[0] === "%") return decodeURIComponent(item.slice(2, -1));
  if (item[0] === '"') return item.slice(1, -1).replace(/\\(.)/g, "$1");
  return `${+item || 0}`;
}
function write(value) {
  if (value === null) return "null";
  if (value === true || value === false) return `?${+value}`;
  const text = `${value}`;
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return text;
  if (/^[ -~]*$/.test(text)) return `"${text.replace(/["\\]/g, "\\$&")}"`;
  return `%"${text.replace(/[^ !#$&-~]+/gu, (c) => encodeURIComponent(c).toLowerCase())}"`;
}

// mizan_htmx/static/mizan_htmx/src/given.js
var NAME = "__MIZAN_SSR_DATA__";
function createGiven() {
  const items = /* @__PURE__ */ new Map();
  const seen = /* @__PURE__ */ new WeakSet();
  let last;
  function read3() {
    const { document: document2, [NAME]: now } = globalThis;
    if (now !== last) {
      if (!document2) items.clear();
      last = now;
      take(() => now);
    }
    for (const element of document2?.querySelectorAll(`script#${NAME}`) ?? []) {
      if (!seen.has(element)) take(() => JSON.parse(element.textContent));
      seen.add(element);
    }
    return items;
  }
  function take(contexts) {
    try {
      for (const [text, item] of Object.entries(contexts())) {
        const keys = parse(text);
        if (keys.length !== 1 || item?.status !== 200) continue;
        const state = Object.freeze({ data: item.data, status: "success", error: void 0 });
        items.set(format(keys[0]), { keys, state, etag: item.etag });
      }
    } catch {
    }
  }
  const find = (text) => read3().get(text);
  const drop = (text) => items.delete(text);
  function forget(reached) {
    for (const [text, item] of read3()) if (reached(item)) items.delete(text);
  }
  return { find, drop, forget };
}

// mizan_htmx/static/mizan_htmx/src/index.js
function createIndex() {
  const names = /* @__PURE__ */ new Map();
  function sets({ keys: [{ name, params }] }) {
    const group = within(within(names, name), [...params.keys()].sort().join());
    return [["", ""], ...params].map(([param, value]) => [within(group, param), value]);
  }
  function add(binding) {
    for (const [values, value] of sets(binding)) within(values, value, Set).add(binding);
  }
  function remove(binding) {
    for (const [values, value] of sets(binding)) {
      const found = values.get(value);
      found.delete(binding);
      if (!found.size) values.delete(value);
    }
  }
  function reached(keys) {
    const found = /* @__PURE__ */ new Set();
    for (const key2 of keys) {
      const groups = key2.name === "*" ? [...names.values()] : [names.get(key2.name) ?? /* @__PURE__ */ new Map()];
      for (const group of groups.flatMap((groups2) => [...groups2.values()])) {
        for (const binding of fewest(group, key2)) if (covers(key2, binding.keys[0])) found.add(binding);
      }
    }
    return [...found];
  }
  return { add, remove, reached };
}
function fewest(group, { params }) {
  let few = [...group.get("").values()][0] ?? /* @__PURE__ */ new Set();
  for (const [param, value] of params) {
    const same = group.has(param) ? group.get(param).get(value) ?? /* @__PURE__ */ new Set() : few;
    if (same.size < few.size) few = same;
  }
  return few;
}
function within(map, key2, Kind = Map) {
  if (!map.has(key2)) map.set(key2, new Kind());
  return map.get(key2);
}

// mizan_htmx/static/mizan_htmx/src/page.js
var said = {};
function configure(values) {
  Object.assign(said, values);
}
function page(name) {
  const script = globalThis.document?.querySelector("script[data-mizan-base]");
  return said[name] ?? script?.dataset[`mizan${name[0].toUpperCase()}${name.slice(1)}`];
}
var base = () => page("base") ?? "/api/mizan/";
function token() {
  const name = page("csrfCookie");
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(name + "="));
  return cookie?.slice(name.length + 1) ?? page("csrfToken");
}
function headers(method, url) {
  const safe = /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method);
  if (safe || new URL(url, document.baseURI).origin !== location.origin) return {};
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" };
  const csrf = token();
  if (csrf) found[page("csrfHeader") ?? "X-CSRFToken"] = csrf;
  return found;
}

// mizan_htmx/static/mizan_htmx/src/transport.js
var MizanError = class extends Error {
  constructor({ code = "internal", message = "", details = [] } = {}, status = 0) {
    super(message || code);
    Object.assign(this, { name: "MizanError", code, status, details });
  }
};
var HEADER = "X-Mizan-Invalidate";
var leaving = false;
function leaves(status, header, url, asked) {
  if (!globalThis.document) return false;
  if (header("HX-Redirect") || header("HX-Location") || header("HX-Refresh")) return false;
  const login = page("login") && new URL(page("login"), document.baseURI);
  const at = (address) => address && login && new URL(address, document.baseURI).pathname === login.pathname;
  if ((status === 401 || at(url)) && !at(asked)) {
    const event = new CustomEvent("mizan:login", { cancelable: true, detail: { status } });
    if (document.dispatchEvent(event) && login && !leaving) {
      leaving = true;
      login.searchParams.set("next", location.pathname + location.search);
      location.assign(login);
    }
    return true;
  }
  return leaving || reloads(header("X-Mizan-Epoch"));
}
function reloads(epoch) {
  const mine = page("epoch");
  if (!epoch || !mine) return false;
  const note = `mizan ${location.pathname}`;
  try {
    if (epoch === mine) sessionStorage.removeItem(note);
    if (epoch === mine || sessionStorage.getItem(note) === epoch) return false;
    sessionStorage.setItem(note, epoch);
  } catch {
    return false;
  }
  if (!leaving) location.reload();
  return leaving = true;
}
var session;
function initSession() {
  return session ??= start().finally(() => session = void 0);
}
async function start() {
  for (let wait = 250; ; wait *= 2) {
    try {
      const response = await fetch(`${base()}session/`, { cache: "no-store" });
      if (!response.ok) throw new MizanError({ code: "session" }, response.status);
      return configure({ csrfToken: response.headers.get("X-CSRFToken") });
    } catch (error) {
      if (wait > 500) throw error;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}
function createCall(store) {
  return (fn, args = {}) => {
    const attempt = () => send(store, JSON.stringify({ fn, args }));
    return attempt().catch(async (error) => {
      if (error.code !== "csrf") throw error;
      await initSession();
      return attempt();
    }).catch((error) => {
      throw failure(error);
    });
  };
}
async function send(store, body) {
  const url = `${base()}call/`;
  const init = { method: "POST", headers: { "Content-Type": "application/json", ...headers("POST", url) }, body };
  const response = await exchange(store, url, init).catch((error) => {
    if (!(error instanceof MizanError)) store.invalidate("*", "lost");
    throw error;
  });
  const { json, text } = await read2(response);
  if (json?.invalidate?.length && !response.headers.get(HEADER)) store.invalidate(json.invalidate, "call");
  return json ? json.result : text;
}
async function exchange(store, url, init) {
  const response = await fetch(url, { cache: "no-store", ...init });
  const { status, redirected } = response;
  const header = (name) => response.headers.get(name);
  if (leaves(status, header, redirected && response.url, url)) {
    throw new MizanError({ code: redirected || status === 401 ? "unauthenticated" : "user_changed" }, status);
  }
  if (header(HEADER)) store.invalidate(header(HEADER), "call");
  return response;
}
async function read2(response, strict) {
  const text = await response.text();
  const json = /json/.test(response.headers.get("Content-Type")) ? JSON.parse(text) : void 0;
  if (!response.ok || strict && !json) throw new MizanError(json?.error, response.status);
  return { json, text };
}
var failure = (error) => error instanceof MizanError ? error : new MizanError({ code: "network", message: error.message });

// mizan_htmx/static/mizan_htmx/src/entries.js
var IDLE = Object.freeze({ data: void 0, status: "idle", error: void 0 });
function createEntries(store) {
  const entries = /* @__PURE__ */ new Map();
  const index = createIndex();
  const given = createGiven();
  store.source(
    (reached, keys) => (given.forget(reached), index.reached(keys)),
    (bindings) => bindings.filter(isWatched).forEach(load)
  );
  function registerContext2(name, params) {
    const entry = open(name, params);
    let here = ++entry.count;
    return {
      getState: () => entry.state,
      subscribe: (listener) => subscribe(entry, listener),
      refetch: () => refetch(entry),
      unregister() {
        if (here && !--entry.count) close(entry);
        here = 0;
      }
    };
  }
  function mizanFetch2(name, params) {
    const { refetch: refetch2, unregister } = registerContext2(name, params);
    return refetch2().finally(unregister);
  }
  function open(name, params = {}) {
    const said2 = Object.entries(params).filter(([, value]) => value !== void 0);
    const bound = key(name, Object.fromEntries(said2.filter(([, value]) => isSpelled(value))));
    const text = format(bound);
    const query = new URLSearchParams(
      said2.sort().flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one]))
    );
    const id = `${text}?${query}`;
    if (!entries.has(id)) {
      const url = `ctx/${encodeURIComponent(name)}/?${query}`;
      const entry = { id, url, text, keys: [bound], state: IDLE, listeners: /* @__PURE__ */ new Set(), waiters: [], count: 0 };
      const found = bound.params.size === said2.length && given.find(text);
      if (found) {
        Object.assign(entry, found);
        store.show(entry, store.ask(entry));
      }
      entries.set(id, entry);
      index.add(entry);
    }
    return entries.get(id);
  }
  function close(entry) {
    entries.delete(entry.id);
    index.remove(entry);
    store.drop(entry);
    entry.listeners.clear();
  }
  function subscribe(entry, listener) {
    const { listeners, busy, shown } = entry;
    const told = () => listener(entry.state);
    listeners.add(told);
    if (listeners.size === 1 && !store.current(entry, busy) && !store.current(entry, shown)) store.refetch([entry]);
    return () => {
      if (listeners.delete(told) && !listeners.size) store.drop(entry);
    };
  }
  function refetch(entry) {
    store.refetch([entry]);
    return new Promise((resolve, reject) => entry.waiters.push({ resolve, reject }));
  }
  async function load(entry) {
    const asked = entry.busy = store.ask(entry);
    const { etag, state } = entry;
    given.drop(entry.text);
    if (state === IDLE) set(entry, void 0, "loading");
    try {
      const headers2 = etag ? { "If-None-Match": `"${etag}"` } : {};
      const response = await exchange(store, base() + entry.url, { headers: headers2 });
      const now = response.status === 304 ? etag : bare(response.headers.get("ETag"));
      const data = etag && now === etag ? state.data : (await read2(response, true)).json;
      settle(entry, asked, data, now);
    } catch (error) {
      settle(entry, asked, error.status === 403 ? void 0 : entry.state.data, etag, failure(error));
    }
  }
  function settle(entry, asked, data, etag, error) {
    if (!store.current(entry, asked)) return;
    const waiters = entry.waiters.splice(0);
    entry.busy = 0;
    entry.etag = data && etag;
    if (!error) store.show(entry, asked);
    else if (isWatched(entry) && passes(error)) store.fail(entry);
    else store.drop(entry);
    set(entry, data, error ? "error" : "success", error);
    for (const { resolve, reject } of waiters) error ? reject(error) : resolve(data);
  }
  return { registerContext: registerContext2, mizanFetch: mizanFetch2 };
}
function set(entry, data, status, error) {
  const { state, listeners } = entry;
  if (state.data === data && state.status === status && state.error === error) return;
  entry.state = Object.freeze({ data, status, error });
  for (const told of [...listeners]) {
    try {
      if (listeners.has(told)) told();
    } catch (fault) {
      ;
      (globalThis.reportError ?? console.error)(fault);
    }
  }
}
var isSpelled = (value) => typeof value === "number" ? Number.isSafeInteger(value) : !(value instanceof Object);
var isWatched = ({ listeners, waiters }) => listeners?.size || waiters?.length;
var passes = ({ status }) => !status || status === 429 || status >= 500;
var bare = (etag) => etag?.replace(/^W\/|"/g, "");

// mizan_htmx/static/mizan_htmx/src/store.js
var LONGEST_WAIT = 3e4;
function createStore() {
  let tick = 0;
  const sources = /* @__PURE__ */ new Set();
  const waiting = /* @__PURE__ */ new Set();
  const failed = /* @__PURE__ */ new Set();
  function source(find, send2) {
    const entry = { find, send: send2 };
    sources.add(entry);
    return () => sources.delete(entry);
  }
  function mark(keys, from) {
    globalThis.document?.dispatchEvent(
      new CustomEvent("mizan:invalidated", { detail: { keys: keys.map(({ text }) => text), source: from } })
    );
    const reached = (binding) => binding.keys.some((bound) => keys.some((stale) => covers(stale, bound)));
    const marked = [...sources].flatMap((entry) => entry.find(reached, keys));
    for (const binding of marked) binding.stale = ++tick;
    return marked;
  }
  function refetch(bindings) {
    if (!waiting.size) queueMicrotask(flush);
    for (const binding of bindings) {
      waiting.add(binding);
      clearTimeout(binding.timer);
      binding.stale = ++tick;
    }
  }
  function flush() {
    const bindings = [...waiting];
    waiting.clear();
    for (const entry of sources) entry.send(bindings);
  }
  const ask = (binding) => binding.asked = ++tick;
  const current = (binding, asked) => asked > (binding.stale ?? 0) && asked >= (binding.shown ?? 0);
  function show(binding, asked) {
    binding.shown = asked;
    binding.failures = 0;
    failed.delete(binding);
  }
  function fail(binding) {
    binding.failures = (binding.failures ?? 0) + 1;
    failed.add(binding);
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** binding.failures) * (0.75 + Math.random() / 2);
    clearTimeout(binding.timer);
    binding.timer = setTimeout(() => failed.has(binding) && refetch([binding]), wait);
  }
  function drop(binding) {
    clearTimeout(binding.timer);
    failed.delete(binding);
  }
  const retry = () => failed.size && refetch(failed);
  function invalidate2(keys, from = "script") {
    const stale = typeof keys === "string" ? fromHeader(keys) : keys.flatMap(fromJson);
    refetch(mark(stale, from));
  }
  return { source, mark, refetch, ask, current, show, fail, drop, retry, invalidate: invalidate2 };
}
var fromJson = (stale) => typeof stale === "string" ? parse(stale) : { ...key(stale.context, stale.params), text: stale };

// mizan_htmx/static/mizan_htmx/src/shared.js
var VERSION = "0.1.0";
var PLACE = /* @__PURE__ */ Symbol.for("mizan.kernel");
var major = (version) => version.split(".")[0];
function create() {
  const store = createStore();
  const { invalidate: invalidate2 } = store;
  const mizanCall2 = createCall(store);
  return { version: VERSION, store, configure, initSession, invalidate: invalidate2, mizanCall: mizanCall2, MizanError, ...createEntries(store) };
}
function shared() {
  const there = globalThis[PLACE];
  const mine = create();
  if (!there) globalThis[PLACE] = mine;
  else if (major(there.version) === major(VERSION) && Object.keys(mine).every((name) => name in there)) return there;
  else console.warn(`mizan ${VERSION} beside ${there.version}: each keeps its own state`);
  globalThis.addEventListener?.("online", mine.store.retry);
  return mine;
}
var kernel = shared();

// mizan_htmx/static/mizan_htmx/src/kernel.js
var { registerContext, invalidate, mizanFetch, mizanCall, initSession: initSession2, configure: configure2, MizanError: MizanError2 } = kernel;
export {
  MizanError2 as MizanError,
  configure2 as configure,
  initSession2 as initSession,
  invalidate,
  mizanCall,
  mizanFetch,
  registerContext
};
