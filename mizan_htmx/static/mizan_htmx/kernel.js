/* mizan_htmx: built from src/ by npm run build, do not edit. */

// mizan_htmx/static/mizan_htmx/src/members.js
var join = (set, member, close) => {
  set.add(member);
  return () => {
    if (set.delete(member) && !set.size) close();
  };
};

// mizan_htmx/static/mizan_htmx/src/events.js
var emit = (target, name, detail) => target?.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));

// mizan_htmx/static/mizan_htmx/src/page.js
var said = {};
var configure = (values) => {
  Object.assign(said, values);
};
var page = (name) => {
  const script = globalThis.document?.querySelector("script[data-mizan-base]");
  return said[name] ?? script?.dataset["mizan" + name.replace(/./, (first) => first.toUpperCase())];
};
var base = () => page("base") ?? "/api/mizan/";
var absolute = (address) => new URL(address, document.baseURI);
var isSafe = (method) => /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method);
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
var leaves = ({ status, headers: headers2, redirected, url }, asked) => {
  if (!globalThis.document) return false;
  if (["Redirect", "Location", "Refresh"].some((name) => headers2.get(`HX-${name}`))) return false;
  const login = page("login") && absolute(page("login"));
  const at2 = (address) => login?.pathname === absolute(address).pathname;
  if ((status === 401 || redirected && at2(url)) && !at2(asked)) {
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
  if (!epoch || !mine2) return false;
  try {
    if (epoch === mine2) sessionStorage.removeItem(note);
    if (epoch === mine2 || sessionStorage.getItem(note) === epoch) return false;
    sessionStorage.setItem(note, epoch);
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
var createEntry = (store2, keys, url, close) => {
  const listeners = /* @__PURE__ */ new Set();
  const registered = /* @__PURE__ */ new Set();
  const awaited = [];
  let state = {};
  let etag;
  const set = (data, status, error) => {
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
  };
  const give = (item) => {
    if (listeners.size) return;
    store2.show(binding, store2.ask(binding));
    etag = `"${item.etag}"`;
    set(item.data, "success");
  };
  const load = async () => {
    if (!listeners.size && !awaited.length) return;
    const asked = store2.ask(binding);
    let { data } = state;
    let tag = etag;
    let error;
    if (state.status === "idle") set(data, "loading");
    try {
      const response = await exchange(url, { headers: tag && { "If-None-Match": tag } }, store2);
      const now = response.headers.get("ETag");
      if (response.status !== 304 && (!now || now !== tag)) {
        data = await read(response, true);
        tag = now;
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
    const leave = () => {
      listeners.clear();
      close();
    };
    return { getState: () => state, subscribe, refetch, unregister: join(registered, {}, leave) };
  };
  const binding = { keys, load, give, register };
  set(void 0, "idle");
  return binding;
};

// mizan_htmx/static/mizan_htmx/src/index.js
var createIndex = () => {
  const groups = /* @__PURE__ */ new Map();
  const add = (binding) => {
    const [{ name, params }] = binding.keys;
    const names = [name, ...params.keys()];
    const group = at(groups, `${names}`, Map);
    const undos = ["*", ...names, ...params].map(
      (place) => join(at(group, `${place}`, Set), binding, () => group.delete(`${place}`))
    );
    return () => {
      for (const undo of undos) undo();
    };
  };
  const find = (reached, keys) => keys.flatMap(
    ({ name, params }) => [...groups.values()].flatMap((group) => {
      let few = group.get(name) ?? [];
      for (const pair of name === "*" ? [] : params) {
        const same = group.get(`${pair}`) ?? /* @__PURE__ */ new Set();
        if (group.has(pair[0]) && same.size < few.size) few = same;
      }
      return [...few].filter(reached);
    })
  );
  return { add, find };
};
var at = (map, key2, Kind) => map.get(key2) ?? map.set(key2, new Kind()).get(key2);

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
var covers = (a, b) => a.name === "*" || a.name === b.name && [...a.params].every(([p, v]) => !b.params.has(p) || b.params.get(p) === v);
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
var createEntries = (store2) => {
  const entries = /* @__PURE__ */ new Map();
  const { add, find } = createIndex();
  const kept = [];
  let last = [];
  store2.source(
    (reached, keys) => (readPage(), find(reached, keys)),
    (bindings) => {
      for (const { load } of bindings) load?.();
    }
  );
  const open = (name, params = {}) => {
    const bound = key(name, params);
    const pairs = Object.entries(params).flatMap(([param, value]) => [value ?? []].flat().map((one) => [param, one]));
    const query = new URLSearchParams(pairs);
    query.sort();
    const url = `ctx/${encodeURIComponent(name)}/?${query}`;
    const id = url + JSON.stringify([...bound.params]);
    if (!entries.has(id)) {
      const entry = createEntry(store2, [bound], url, () => {
        entries.delete(id);
        remove();
      });
      const remove = add(entry);
      entries.set(id, entry);
    }
    return entries.get(id);
  };
  const readPage = () => {
    const { document: document2, [GIVEN]: given } = globalThis;
    if (!document2 && given !== last[0]) for (const { unregister } of kept.splice(0)) unregister();
    const now = [given, ...document2?.querySelectorAll(`script#${GIVEN}`) ?? []];
    for (const source of now) if (!last.includes(source)) take(source);
    last = now;
  };
  const take = (source) => {
    try {
      for (const [text, item] of Object.entries(source.textContent ? JSON.parse(source.textContent) : source)) {
        for (const { name, params } of item?.status === 200 ? parse(text) : []) {
          const entry = open(name, Object.fromEntries(params));
          kept.push(entry.register());
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
    emit(globalThis.document, "mizan:invalidated", { keys: keys.map(({ text }) => text), source: from });
    const reached = (binding) => binding.keys.some((bound) => keys.some((stale) => covers(stale, bound)));
    const marked = sources.flatMap(([find]) => find(reached, keys));
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
  const retry = () => failed.size && refetch(failed);
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
var fits = Object.keys(mine).every((name) => name in there) && parseInt(there.version) === parseInt(mine.version);
if (!fits) console.warn(`mizan ${mine.version} beside ${there.version}: each keeps its own state`);
var kernel = fits ? there : mine;
globalThis.addEventListener?.("online", kernel.store.retry);

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
