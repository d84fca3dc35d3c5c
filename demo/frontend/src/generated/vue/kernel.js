// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
/* mizan_htmx: built from src/ by npm run build, do not edit. */

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
  constructor({ code = "internal", message, details = [] } = {}, status = 0) {
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
  const at2 = (address) => address && login && new URL(address, document.baseURI).pathname === login.pathname;
  if ((status === 401 || at2(url)) && !at2(asked)) {
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
  const answer = await read(response);
  if (typeof answer === "string") return answer;
  if (answer.invalidate?.length && !response.headers.get(HEADER)) store.invalidate(answer.invalidate, "call");
  return answer.result;
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
async function read(response, strict) {
  const text = await response.text();
  const json = /json/.test(response.headers.get("Content-Type")) && JSON.parse(text);
  if (!response.ok || strict && !json) throw new MizanError(json?.error, response.status);
  return json || text;
}
var failure = (error) => error instanceof MizanError ? error : new MizanError({ code: "network", message: error.message });

// mizan_htmx/static/mizan_htmx/src/entry.js
var IDLE = Object.freeze({ data: void 0, status: "idle", error: void 0 });
function createEntry(store, keys, url, close) {
  const listeners = /* @__PURE__ */ new Set();
  let state = IDLE;
  let first = IDLE;
  let count = 0;
  let newest;
  let etag, promise, end;
  const binding = { keys, load, give, register };
  function set(data, status, error) {
    if (!error && state.data === data && state.status === status) return;
    state = Object.freeze({ data, status, error });
    for (const told of [...listeners]) {
      try {
        if (listeners.has(told)) told();
      } catch (fault) {
        ;
        (globalThis.reportError ?? console.error)(fault);
      }
    }
  }
  function give({ data, etag: tag }) {
    if (listeners.size) return;
    store.show(binding, newest = store.ask(binding));
    etag = `"${tag}"`;
    set(data, "success");
    first = state;
  }
  async function load() {
    if (!listeners.size && !end) return;
    const asked = newest = store.ask(binding);
    let { data } = state;
    let tag = etag;
    let error;
    if (state === IDLE) set(data, "loading");
    try {
      const response = await exchange(store, base() + url, { headers: tag && { "If-None-Match": tag } });
      const now = response.headers.get("ETag");
      if (response.status !== 304 && (!now || now !== tag)) {
        data = await read(response, true);
        tag = now;
      }
    } catch (fault) {
      error = failure(fault);
      if (error.status === 403) data = tag = void 0;
    }
    if (!store.current(binding, asked)) return;
    const tell = end;
    promise = end = void 0;
    etag = tag;
    if (!error) store.show(binding, asked);
    else {
      newest = 0;
      if (listeners.size) store.fail(binding, error.status);
    }
    set(data, error ? "error" : "success", error);
    tell?.[error ? 1 : 0](error ?? data);
  }
  function subscribe(listener) {
    const told = () => listener(state);
    if (!listeners.size && !store.current(binding, newest)) store.refetch([binding]);
    listeners.add(told);
    return () => {
      if (listeners.delete(told) && !listeners.size) store.drop(binding);
    };
  }
  function refetch() {
    store.refetch([binding]);
    return promise ??= new Promise((...ways) => end = ways);
  }
  function register() {
    let here = ++count;
    return {
      getState: () => state,
      getServerState: () => first,
      subscribe,
      refetch,
      unregister() {
        if (here && !--count) {
          listeners.clear();
          store.drop(binding);
          close();
        }
        here = 0;
      }
    };
  }
  return binding;
}

// mizan_htmx/static/mizan_htmx/src/index.js
var NONE = /* @__PURE__ */ new Set();
function createIndex() {
  const groups = /* @__PURE__ */ new Map();
  function add(binding) {
    const [{ name, params }] = binding.keys;
    const group = at(groups, [name, ...params.keys()].join(), Map);
    const places = ["*", name, ...params.keys(), ...params].map(String);
    for (const place of places) at(group, place, Set).add(binding);
    return () => {
      for (const place of places) {
        const found = group.get(place);
        if (found.delete(binding) && !found.size) group.delete(place);
      }
    };
  }
  const find = (reached, keys) => keys.flatMap(
    ({ name, params }) => [...groups.values()].flatMap((group) => {
      let few = group.get(name) ?? NONE;
      for (const pair of name === "*" ? [] : params) {
        const same = group.get(`${pair}`) ?? NONE;
        if (group.has(pair[0]) && same.size < few.size) few = same;
      }
      return [...few].filter(reached);
    })
  );
  return { add, find };
}
var at = (map, key2, Kind) => map.get(key2) ?? map.set(key2, new Kind()).get(key2);

// mizan_htmx/static/mizan_htmx/src/keys.js
var MAX_KEYS = 64;
var MAX_BYTES = 2048;
var PARAM = /; *([a-z*][a-z0-9_.*-]*)(?:=(-?\d{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[\da-f]{2})*"|\?[01]|null))?/g;
var MEMBER = RegExp(`[ \\t]*(\\*|[a-z][a-z0-9_.]*)((?:${PARAM.source})*)[ \\t]*(?:,|$)`, "y");
var ANY = { name: "*", params: /* @__PURE__ */ new Map(), text: "*" };
function parse(text) {
  const keys = [];
  for (let at2 = 0; at2 < text.length; ) {
    MEMBER.lastIndex = at2;
    const match = MEMBER.exec(text);
    at2 = match ? MEMBER.lastIndex : text.indexOf(",", at2) + 1 || text.length;
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
function key(name, params = {}) {
  const text = (value) => value === null || typeof value === "boolean" ? value : `${value}`;
  return { name, params: new Map(Object.entries(params).map(([param, value]) => [param, text(value)])) };
}
function readAll(params) {
  return Array.from(params.matchAll(PARAM), ([, param, item = "?1"]) => [param, read2(item)]);
}
function read2(item) {
  if (item === "null") return null;
  if (item[0] === "?") return item === "?1";
  if (item[0] === "%") return decodeURIComponent(item.slice(2, -1));
  if (item[0] === '"') return item.slice(1, -1).replace(/\\(.)/g, "$1");
  return `${+item || 0}`;
}

// mizan_htmx/static/mizan_htmx/src/entries.js
var GIVEN = "__MIZAN_SSR_DATA__";
function createEntries(store) {
  const entries = /* @__PURE__ */ new Map();
  const { add, find } = createIndex();
  const seen = /* @__PURE__ */ new WeakSet();
  let last;
  let given = [];
  store.source(
    (reached, keys) => (readPage(), find(reached, keys)),
    (bindings) => {
      for (const { load } of bindings) load?.();
    }
  );
  function open(name, params = {}) {
    const said2 = Object.entries(params).sort();
    const bound = key(name, Object.fromEntries(said2.filter(isSpelled)));
    const query = new URLSearchParams(said2.flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one])));
    const url = `ctx/${encodeURIComponent(name)}/?${query}`;
    const id = url + JSON.stringify([...bound.params]);
    if (!entries.has(id)) {
      const entry = createEntry(store, [bound], url, () => {
        entries.delete(id);
        remove();
      });
      const remove = add(entry);
      entries.set(id, entry);
    }
    return entries.get(id);
  }
  function readPage() {
    const { document: document2, [GIVEN]: now } = globalThis;
    if (now !== last) {
      last = now;
      if (!document2) for (const { unregister } of given.splice(0)) unregister();
      take(() => now);
    }
    for (const element of document2?.querySelectorAll(`script#${GIVEN}`) ?? []) {
      if (!seen.has(element)) take(() => JSON.parse(element.textContent));
      seen.add(element);
    }
  }
  function take(contexts) {
    try {
      for (const [text, item] of Object.entries(contexts())) {
        const [found] = parse(text);
        if (!found || item?.status !== 200) continue;
        const entry = open(found.name, Object.fromEntries(found.params));
        given.push(entry.register());
        entry.give(item);
      }
    } catch {
    }
  }
  function registerContext2(name, params) {
    readPage();
    return open(name, params).register();
  }
  function mizanFetch2(name, params) {
    const { refetch, unregister } = registerContext2(name, params);
    return refetch().finally(unregister);
  }
  return { registerContext: registerContext2, mizanFetch: mizanFetch2 };
}
var isSpelled = ([, value]) => value === null || Number.isSafeInteger(value) || /str|boo|big/.test(typeof value);

// mizan_htmx/static/mizan_htmx/src/store.js
var LONGEST_WAIT = 3e4;
function createStore() {
  let tick = 0;
  const sources = /* @__PURE__ */ new Set();
  const waiting = /* @__PURE__ */ new Set();
  const failed = /* @__PURE__ */ new Set();
  function source(find, send2) {
    const both = [find, send2];
    sources.add(both);
    return () => sources.delete(both);
  }
  function mark(keys, from) {
    globalThis.document?.dispatchEvent(
      new CustomEvent("mizan:invalidated", { detail: { keys: keys.map(({ text }) => text), source: from } })
    );
    const reached = (binding) => binding.keys.some((bound) => keys.some((stale) => covers(stale, bound)));
    const marked = [...sources].flatMap(([find]) => find(reached, keys));
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
    for (const [, send2] of sources) send2(bindings);
  }
  const ask = (binding) => binding.asked = ++tick;
  const current = (binding, asked) => asked > (binding.stale ?? 0) && asked >= (binding.shown ?? 0);
  function show(binding, asked) {
    binding.shown = asked;
    binding.failures = 0;
    failed.delete(binding);
  }
  function fail(binding, status) {
    if (status && status < 500 && status !== 429) return drop(binding);
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
