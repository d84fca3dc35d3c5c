// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
/* mizan_htmx: built from src/ by npm run build, do not edit. */

// mizan_htmx/static/mizan_htmx/src/events.js
var emit = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));

// mizan_htmx/static/mizan_htmx/src/page.js
var said = {};
var configure = (values) => {
  Object.assign(said, values);
};
var page = (name) => {
  const script = globalThis.document ? document.querySelector("script[data-mizan-base]") : void 0;
  return said[name] ?? script?.getAttribute("data-mizan-" + name);
};
var base = () => page("base") ?? "/api/mizan/";
var absolute = (address) => new URL(address, document.baseURI);
var isSafe = (method) => /^(get|head)$/i.test(method);
var headers = (method, url) => {
  if (isSafe(method) || absolute(url).origin !== location.origin) return {};
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" };
  const [, cookie] = `; ${document.cookie}`.split(`; ${page("csrfCookie")}=`);
  const token = cookie?.split(";")[0] ?? page("csrfToken");
  if (token) found[page("csrfHeader") ?? "X-CSRFToken"] = token;
  return found;
};

// mizan_htmx/static/mizan_htmx/src/transport.js
var MizanError = class extends Error {
  constructor({ code = "internal", message, details = [] } = {}, status = 0) {
    super(message || code);
    Object.assign(this, { name: "MizanError", code, status, details });
  }
};
var HEADER = "X-Mizan-Invalidate";
var leaving = false;
var leaves = ({ status, headers: headers2, url }, asked) => {
  if (!globalThis.document) return false;
  if (["Redirect", "Location", "Refresh"].some((name) => headers2.get(`HX-${name}`))) return false;
  const login = page("login") && absolute(page("login"));
  const at2 = (address) => address && login?.pathname === absolute(address).pathname;
  if ((status === 401 || at2(url)) && !at2(asked)) {
    if (emit(document, "mizan:login", { status }) && login && !leaving) {
      leaving = true;
      login.searchParams.set("next", location.pathname + location.search);
      location.assign(login);
    }
    return true;
  }
  if (leaving) return true;
  const mine2 = page("epoch");
  const epoch = headers2.get("X-Mizan-Epoch");
  const note = `mizan ${location.pathname}`;
  try {
    if (!mine2 || [null, mine2, sessionStorage[note]].includes(epoch)) return false;
    sessionStorage[note] = epoch;
  } catch {
    return false;
  }
  location.reload();
  return leaving = true;
};
var session;
var initSession = () => session ??= start().finally(() => session = void 0);
var start = async () => {
  for (let wait = 250; ; wait *= 2) {
    try {
      const { ok, status, headers: headers2 } = await exchange("session/");
      if (!ok) throw new MizanError({ code: "session" }, status);
      return configure({ csrfToken: headers2.get("X-CSRFToken") });
    } catch (error) {
      if (wait > 500) throw error;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
};
var createCall = (store2) => (fn, args = {}) => {
  const attempt = async () => {
    const init = {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers("POST", base()) },
      body: JSON.stringify({ fn, args })
    };
    const response = await exchange("call/", init, store2);
    const answer = await read(response);
    if (!answer || typeof answer === "string") return answer;
    if (answer.invalidate?.length && !response.headers.get(HEADER)) store2.invalidate(answer.invalidate, "call");
    return answer.result;
  };
  return attempt().catch(async (error) => {
    if (error.code !== "csrf") throw error;
    await initSession();
    return attempt();
  });
};
var exchange = async (path, init, store2) => {
  const url = base() + path;
  const response = await fetch(url, { cache: "no-store", ...init }).catch((error) => {
    if (init?.body) store2.invalidate("*", "lost");
    fail(error);
  });
  const { status, redirected, headers: headers2 } = response;
  if (leaves(response, url)) {
    throw new MizanError({ code: redirected || status === 401 ? "unauthenticated" : "user_changed" }, status);
  }
  if (headers2.get(HEADER)) store2?.invalidate(headers2.get(HEADER), "call");
  return response;
};
var read = async (response, strict) => {
  const isJson = /json/.test(response.headers.get("Content-Type"));
  const body = await response.text().then(isJson ? JSON.parse : String).catch(fail);
  if (!response.ok || strict && !isJson) throw new MizanError(body?.error, response.status);
  return body;
};
var fail = ({ message }) => {
  throw new MizanError({ code: "network", message });
};

// mizan_htmx/static/mizan_htmx/src/entry.js
var stateOf = (data, status, error) => Object.freeze({ data, status, error });
var IDLE = stateOf(void 0, "idle");
var createEntry = (store2, keys, url, close) => {
  const listeners = /* @__PURE__ */ new Set();
  const registered = /* @__PURE__ */ new Set();
  const awaited = [];
  let state = IDLE;
  let first = IDLE;
  let etag;
  const set = (data, status, error) => {
    if (!error && state.data === data && state.status === status) return;
    state = stateOf(data, status, error);
    for (const told of [...listeners]) {
      try {
        if (listeners.has(told)) told();
      } catch (fault) {
        globalThis.document ? reportError(fault) : console.error(fault);
      }
    }
  };
  const give = (item) => {
    if (listeners.size) return;
    store2.show(binding, store2.ask(binding));
    etag = `"${item.etag}"`;
    set(item.data, "success");
    first = state;
  };
  const load = async () => {
    if (!listeners.size && !awaited.length) return;
    const asked = store2.ask(binding);
    let { data } = state;
    let tag = etag;
    let error;
    if (state === IDLE) set(data, "loading");
    try {
      const response = await exchange(url, { headers: tag && { "If-None-Match": tag } }, store2);
      if (response.status !== 304) {
        data = await read(response, true);
        tag = response.headers.get("ETag");
      }
    } catch (fault) {
      error = fault;
      if (error.status === 403) data = tag = void 0;
    }
    if (!store2.current(binding, asked)) return;
    etag = tag;
    if (error) store2.fail(binding, error.status);
    else store2.show(binding, asked);
    const waiting = awaited.splice(0);
    set(data, error ? "error" : "success", error);
    for (const resolve of waiting) resolve(error ? Promise.reject(error) : data);
  };
  const subscribe = (listener) => {
    if (!listeners.size && !store2.current(binding, binding.asked)) store2.refetch([binding]);
    const told = () => listener(state);
    listeners.add(told);
    return () => listeners.delete(told);
  };
  const refetch = () => {
    store2.refetch([binding]);
    return new Promise((resolve) => awaited.push(resolve));
  };
  const register = () => {
    const me = {};
    registered.add(me);
    const unregister = () => {
      if (!registered.delete(me) || registered.size) return;
      listeners.clear();
      close();
    };
    return { getState: () => state, getServerState: () => first, subscribe, refetch, unregister };
  };
  const binding = { keys, load, give, register };
  return binding;
};

// mizan_htmx/static/mizan_htmx/src/keys.js
var MAX_KEYS = 64;
var MAX_BYTES = 2048;
var PARAM = /; *([a-z*][a-z0-9_.*-]*)(?:=(-?\d{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[\da-f]{2})*"|\?[01]|null))?/g;
var MEMBER = RegExp(`[ \\t]*(\\*|[a-z][a-z0-9_.]*)((?:${PARAM.source})*)[ \\t]*(?:,|$)|[^,]*,?`, "g");
var parse = (text) => {
  const keys = [];
  for (const [, name, params] of text.matchAll(MEMBER)) {
    try {
      const said2 = [...params?.matchAll(PARAM) ?? []].map(([, param, item = "?1"]) => [param, valueOf(item)]);
      if (name) keys.push({ name, params: new Map(said2), text: name + params });
    } catch {
    }
  }
  return keys;
};
var fromHeader = (text) => {
  const keys = parse(text);
  return text.length > MAX_BYTES || keys.length > MAX_KEYS ? parse("*") : keys;
};
var covering = ({ name, params }) => {
  const pairs = [...params];
  const agrees = (value, other) => other === void 0 || other === value;
  return (key2) => name === "*" || name === key2.name && pairs.every(([p, v]) => agrees(v, key2.params.get(p)));
};
var key = (name, params = {}) => {
  const said2 = Object.entries(params).sort().flatMap(([param, value]) => {
    if ([null, true, false].includes(value)) return [[param, value]];
    return Number.isSafeInteger(value) || /str|big/.test(typeof value) ? [[param, `${value}`]] : [];
  });
  return { name, params: new Map(said2) };
};
var valueOf = (item) => {
  if (item[0] === "?") return item === "?1";
  if (item[0] === "%") return decodeURIComponent(item.slice(2, -1));
  if (/^["n]/.test(item)) return JSON.parse(item);
  return `${+item || 0}`;
};

// mizan_htmx/static/mizan_htmx/src/entries.js
var GIVEN = "__MIZAN_SSR_DATA__";
var within = (map, place) => place === void 0 ? [...map.values()] : [map.get(place) ?? []];
var at = (map, place) => map.get(place) ?? map.set(place, /* @__PURE__ */ new Map()).get(place);
var createEntries = (store2) => {
  const entries = /* @__PURE__ */ new Map();
  const kept = [];
  let last = [];
  const find = ({ name, params }) => {
    const all = name === "*";
    return within(entries, all ? void 0 : name).flatMap((found) => [...found]).flatMap(([param, values]) => within(values, all ? void 0 : params.get(param))).flatMap((group) => [...group.values()]);
  };
  store2.source(
    (keys) => (readPage(), keys.flatMap(find)),
    (bindings) => {
      for (const { load } of bindings) load?.();
    }
  );
  const open = (name, params = {}) => {
    const bound = key(name, params);
    const pairs = Object.entries(params).flatMap(([param2, value2]) => [value2 ?? []].flat().map((one) => [param2, one]));
    const query = new URLSearchParams(pairs);
    query.sort();
    const url = `ctx/${encodeURIComponent(name)}/?${query}`;
    const id = url + JSON.stringify([...bound.params]);
    const [[param, value] = []] = bound.params;
    const values = [name, param].reduce(at, entries);
    const close = () => group.delete(id) && !group.size && values.delete(value);
    const group = at(values, value);
    if (!group.has(id)) group.set(id, createEntry(store2, [bound], url, close));
    return group.get(id);
  };
  const readPage = () => {
    const given = globalThis[GIVEN];
    if (!globalThis.document && given !== last[0]) for (const { unregister } of kept.splice(0)) unregister();
    const now = [given, ...globalThis.document ? document.querySelectorAll(`script#${GIVEN}`) : []];
    for (const source of now) if (!last.includes(source)) take(source);
    last = now;
  };
  const take = (source) => {
    try {
      for (const [text, item] of Object.entries(source.textContent ? JSON.parse(source.textContent) : source)) {
        for (const { name, params } of item?.status === 200 ? parse(text) : []) {
          const entry = open(name, Object.fromEntries(params));
          const handle = entry.register();
          if (!globalThis.document) kept.push(handle);
          entry.give(item);
        }
      }
    } catch {
    }
  };
  const registerContext2 = (name, params) => {
    readPage();
    return open(name, params).register();
  };
  const mizanFetch2 = (name, params) => {
    const { refetch, unregister } = registerContext2(name, params);
    return refetch().finally(unregister);
  };
  return { registerContext: registerContext2, mizanFetch: mizanFetch2 };
};

// mizan_htmx/static/mizan_htmx/src/store.js
var LONGEST_WAIT = 3e4;
var createStore = () => {
  let tick = 0;
  const sources = [];
  const waiting = /* @__PURE__ */ new Set();
  const failed = /* @__PURE__ */ new Set();
  const source = (find, send) => sources.push([find, send]);
  const mark = (keys, from) => {
    if (globalThis.document) emit(document, "mizan:invalidated", { keys: keys.map(({ text }) => text), source: from });
    const tests = keys.map(covering);
    const isReached = (binding) => binding.keys.some((bound) => tests.some((test) => test(bound)));
    const marked = sources.flatMap(([find]) => find(keys).filter(isReached));
    for (const binding of marked) binding.stale = ++tick;
    return marked;
  };
  const refetch = (bindings) => {
    if (!waiting.size) queueMicrotask(flush);
    for (const binding of bindings) {
      drop(binding);
      waiting.add(binding);
      binding.stale = ++tick;
    }
  };
  const flush = () => {
    const bindings = [...waiting];
    waiting.clear();
    for (const [, send] of sources) send(bindings);
  };
  const ask = (binding) => binding.asked = ++tick;
  const current = (binding, asked) => asked > (binding.stale ?? 0);
  const show = (binding, asked) => {
    drop(binding);
    binding.stale = asked - 1;
    binding.wait = 500;
  };
  const fail2 = (binding, status) => {
    drop(binding);
    binding.stale = ++tick;
    if (status && status < 500 && status !== 429) return;
    binding.wait = Math.min(LONGEST_WAIT, 2 * (binding.wait ?? 500));
    binding.timer = setTimeout(() => refetch([binding]), binding.wait * (0.75 + Math.random() / 2));
    failed.add(binding);
  };
  const drop = (binding) => {
    clearTimeout(binding.timer);
    failed.delete(binding);
  };
  const retry = () => refetch(failed);
  const invalidate2 = (keys, from = "script") => {
    const stale = typeof keys === "string" ? fromHeader(keys) : keys.flatMap(fromJson);
    refetch(mark(stale, from));
  };
  return { source, mark, refetch, ask, current, show, fail: fail2, retry, invalidate: invalidate2 };
};
var fromJson = (stale) => typeof stale === "string" ? parse(stale) : { ...key(stale.context, stale.params), text: stale };

// mizan_htmx/static/mizan_htmx/src/shared.js
var PLACE = /* @__PURE__ */ Symbol.for("mizan.kernel");
var store = createStore();
var mine = {
  version: "0.1.0",
  store,
  configure,
  initSession,
  invalidate: store.invalidate,
  mizanCall: createCall(store),
  MizanError,
  ...createEntries(store)
};
var there = globalThis[PLACE] ??= mine;
var fits = Object.keys(mine).every((name) => name in there) && /^0\./.test(there.version);
if (!fits) console.warn(`mizan ${mine.version} beside ${there.version}`);
var kernel = fits ? there : mine;
if (globalThis.document) addEventListener("online", kernel.store.retry);

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
