// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
/* mizan_htmx: built from src/ by npm run build, do not edit. */

// mizan_htmx/static/mizan_htmx/src/page.js
var said = globalThis[/* @__PURE__ */ Symbol.for("mizan.said")] ??= {};
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
var headers = (method, url, mounted2) => {
  if (isSafe(method) || absolute(url).origin !== location.origin) return {};
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" };
  const [, cookie] = `; ${document.cookie}`.split(`; ${page("csrfCookie")}=`);
  const token = cookie?.split(";")[0] ?? page("csrfToken");
  if (mounted2) found["X-Mizan-Mounted"] = mounted2;
  if (token) found[page("csrfHeader") ?? "X-CSRFToken"] = token;
  return found;
};

// mizan_htmx/static/mizan_htmx/src/events.js
var emit = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));

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
var fromBody = (list) => list.flatMap(
  (said2) => typeof said2 === "string" ? parse(said2) : { ...key(said2.context, said2.params), text: said2 }
);
var covering = ({ name, params }) => {
  const pairs = [...params];
  const agrees = (value, other) => other === void 0 || other === value;
  return (key2) => name === "*" || name === key2.name && pairs.every(([p, v]) => agrees(v, key2.params.get(p)));
};
var spell = ({ name, params }) => [...params].reduce((text, [param, value]) => `${text};${param}=${spellValue(value)}`, name);
var spellValue = (value) => {
  if (typeof value !== "string") return value === null ? value : `?${+value}`;
  return `%"${encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())}"`;
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

// mizan_htmx/static/mizan_htmx/src/transport.js
var MizanError = class extends Error {
  constructor({ code = "internal", message, details = [] } = {}, status = 0) {
    super(message || code);
    Object.assign(this, { name: "MizanError", code, status, details });
  }
};
var HEADER = "X-Mizan-Invalidate";
var leaving = false;
var note = () => `mizan ${location.pathname}`;
var arrive = (isBack) => {
  leaving = false;
  try {
    if (isBack || sessionStorage[note()] === page("epoch")) delete sessionStorage[note()];
  } catch {
  }
};
var leaves = ({ status, headers: headers2, url }, asked) => {
  if (!globalThis.document) return false;
  if (["HX-Redirect", "HX-Location", "HX-Refresh"].some((name) => headers2.get(name))) return false;
  const login = page("login") && absolute(page("login"));
  const at2 = (address) => address && login?.pathname === absolute(address).pathname;
  if ((status === 401 || at2(url)) && !at2(asked)) {
    if (!leaving && emit(document, "mizan:login", { status }) && login) {
      leaving = true;
      login.searchParams.set("next", location.pathname + location.search);
      location.assign(login);
    }
    return true;
  }
  if (leaving) return true;
  const mine2 = page("epoch");
  const epoch = headers2.get("X-Mizan-Epoch");
  try {
    if (epoch === mine2) delete sessionStorage[note()];
    if (!mine2 || [null, mine2, sessionStorage[note()]].includes(epoch)) return false;
    sessionStorage[note()] = epoch;
  } catch {
    return false;
  }
  emit(document, "mizan:invalidated", { keys: ["*"], source: "user" });
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
      headers: { "Content-Type": "application/json", ...headers("POST", base(), store2.mounted?.()) },
      body: JSON.stringify({ fn, args })
    };
    const asked = store2.ask({});
    let marked = [];
    let told;
    try {
      const response = await exchange("call/", init);
      told = response.headers.get(HEADER);
      if (told) marked = store2.mark(fromHeader(told), "call", asked);
      const answer = await read(response);
      if (!answer || typeof answer === "string") return answer;
      if (!told) marked = store2.mark(fromBody(answer.invalidate ?? []), "call", asked);
      store2.give(answer.fresh, marked);
      return answer.result;
    } catch (error) {
      if (error.code === "network" && !told) store2.invalidate("*", "lost");
      throw error;
    } finally {
      store2.refetch(marked);
    }
  };
  return attempt().catch(async (error) => {
    if (error.code !== "csrf") throw error;
    await initSession();
    return attempt();
  });
};
var exchange = async (path, init, store2) => {
  const url = base() + path;
  const response = await fetch(url, { cache: "no-store", ...init }).catch(fail);
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

// mizan_htmx/static/mizan_htmx/src/fresh.js
var MAX_ITEMS = 50;
var MAX_LENGTH = 4e3;
var TURNS = 30;
var take = (items) => {
  items.sort((a, b) => isFar(a) - isFar(b));
  const etags = /* @__PURE__ */ new Map();
  const most = page("items") ?? MAX_ITEMS;
  let length = 0;
  let end = 0;
  for (const { kind, text, etag } of items) {
    const item = `${kind[0]}=${encodeURIComponent(text)}`;
    if (!etags.has(item)) {
      length += item.length + (etag?.length ?? 0) + 4;
      if (etags.size >= most || end && length > MAX_LENGTH) break;
      etags.set(item, etag);
    } else if (etags.get(item) !== etag) etags.set(item);
    end++;
  }
  const query = [...etags].map(([item, etag]) => etag ? `${item}%40${etag}` : item).join("&");
  return [items.splice(0, end), query];
};
var isFar = ({ element }) => !!element && element.getBoundingClientRect().top > innerHeight;
var mounted = (store2) => take(store2.shown().flatMap((binding) => binding.item?.() || []))[1];
var createAsk = (store2) => {
  const waiting = [];
  const flush = async () => {
    for (let turn = 0; turn < TURNS; turn++) await null;
    const items = waiting.splice(0);
    while (items.length) {
      const [few, query] = take(items);
      few.length > 1 ? together(few, query) : few[0].resolve();
    }
  };
  const together = async (few, query) => {
    try {
      const answers = await read(await exchange(`fresh/?${query}`, void 0, store2), true);
      for (const { kind, text, resolve } of few) resolve(answers[kind][text]);
    } catch (error) {
      const isRefused = /^4(?!01|29)/.test(error.status);
      for (const { resolve, reject } of few) isRefused ? resolve() : reject(error);
    }
  };
  return async (item, etag, binding) => {
    const { given } = binding;
    binding.given = void 0;
    const answer = given?.text === item.text ? given : await new Promise((resolve, reject) => {
      if (waiting.push({ ...item, etag, resolve, reject }) < 2) flush();
    });
    return etag && answer?.etag === etag ? { status: 304 } : answer;
  };
};
var tagOf = (etag) => /"(.*)"/.exec(etag)?.[1];

// mizan_htmx/static/mizan_htmx/src/entry.js
var stateOf = (data, status, error) => Object.freeze({ data, status, error });
var IDLE = stateOf(void 0, "idle");
var createEntry = (store2, keys, url, text, close) => {
  const listeners = /* @__PURE__ */ new Set();
  const registered = /* @__PURE__ */ new Set();
  const awaited = [];
  const item = text && { kind: "contexts", text };
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
  const give = (item2) => {
    if (listeners.size) return;
    store2.show(binding, store2.ask(binding));
    store2.over(binding);
    etag = item2.etag;
    set(item2.data, "success");
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
      const found = item && await store2.together(item, tag, binding);
      if (found?.status === 200) ({ data, etag: tag } = found);
      else if (found?.status !== 304) {
        const response = await exchange(url, { headers: tag && { "If-None-Match": `"${tag}"` } }, store2);
        if (response.status !== 304) {
          data = await read(response, true);
          tag = tagOf(response.headers.get("ETag"));
        }
      }
    } catch (fault) {
      error = fault;
      if (error.status === 403) data = tag = void 0;
    }
    store2.over(binding);
    if (!store2.current(binding, asked, error)) return;
    etag = tag;
    if (error) store2.fail(binding, error.status);
    const waiting = error || store2.show(binding, asked) ? awaited.splice(0) : [];
    set(data, error ? "error" : "success", error);
    for (const resolve of waiting) resolve(error ? Promise.reject(error) : data);
  };
  const subscribe = (listener) => {
    if (!listeners.size && !store2.current(binding, binding.asked, true)) store2.refetch([binding]);
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
  const binding = { keys, item: () => listeners.size && item, load, give, register };
  return binding;
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
    const text = bound.params.size === new Set(pairs.map(([param2]) => param2)).size && spell(bound);
    const id = url + JSON.stringify([...bound.params]);
    const [[param, value] = []] = bound.params;
    const values = [name, param].reduce(at, entries);
    const close = () => group.delete(id) && !group.size && values.delete(value);
    const group = at(values, value);
    return group.get(id) ?? group.set(id, createEntry(store2, [bound], url, text, close)).get(id);
  };
  const readPage = () => {
    const given = globalThis[GIVEN];
    if (!globalThis.document && given !== last[0]) for (const { unregister } of kept.splice(0)) unregister();
    const now = [given, ...globalThis.document ? document.querySelectorAll(`script#${GIVEN}`) : []];
    for (const source of now) if (!last.includes(source)) take2(source);
    last = now;
  };
  const take2 = (source) => {
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

// mizan_htmx/static/mizan_htmx/src/log.js
var LOG = 99;
var createLog = (everything) => {
  let log = [];
  return {
    note: (at2, keys) => log = [...log.slice(-LOG), [at2, keys]],
    since: (at2) => log.length > LOG && log[0][0] > at2 ? everything : log.flatMap(([then, keys]) => then > at2 ? keys : [])
  };
};

// mizan_htmx/static/mizan_htmx/src/returning.js
var AWAY = 3e4;
var RESTORED = ["htmx:historyRestore", "htmx:history:cache:after:restore"];
var watch = (store2) => {
  const tabs = globalThis.BroadcastChannel && new BroadcastChannel(`mizan ${base()}`);
  if (tabs) {
    const log = createLog(["*"]);
    document.addEventListener("mizan:invalidated", ({ detail: { keys, source } }) => {
      if (source === "returned") return;
      log.note(Date.now(), keys);
      if (source !== "tab") tabs.postMessage(keys);
    });
    tabs.onmessage = ({ data }) => {
      if (data.map) return store2.invalidate(data, "tab");
      const news = log.since(data);
      if (news[0]) tabs.postMessage(news);
    };
    tabs.postMessage(performance.timeOrigin);
  }
  arrive();
  let seen = Date.now();
  let told = 0;
  const look = ({ type, persisted } = {}) => {
    if (document.hidden && type !== "visibilitychange") return;
    if (persisted) arrive(true);
    const now = Date.now();
    const away = now - seen;
    seen = now;
    if (!(persisted && now - told > 1e3 || away > AWAY || /line|hist/.test(type))) return;
    told = now;
    store2.invalidate("*", "returned");
  };
  for (const type of ["pageshow", "visibilitychange", "online", ...RESTORED]) addEventListener(type, look);
  setInterval(look, AWAY / 3);
};

// mizan_htmx/static/mizan_htmx/src/store.js
var LONGEST_WAIT = 3e4;
var WINDOW = 50;
var SOON = 25;
var PATIENCE = 500;
var clock = () => performance.now();
var createStore = () => {
  let tick = 0;
  let next = 0;
  let isDue;
  let timer;
  const log = createLog(parse("*"));
  const sources = [];
  const waiting = /* @__PURE__ */ new Set();
  const source = (find, send) => sources.push([find, send]);
  const reached = (keys) => {
    if (!keys.length) return [];
    const tests = keys.map(covering);
    const isReached = (binding) => binding.keys.some((bound) => tests.some((test) => test(bound)));
    return sources.flatMap(([find]) => find(keys).filter(isReached));
  };
  const mark = (keys, from, asked = tick) => {
    if (!keys.length) return [];
    if (globalThis.document) emit(document, "mizan:invalidated", { keys: keys.map(({ text }) => text), source: from });
    const marked = reached(keys);
    const others = reached(log.since(asked));
    log.note(++tick, keys);
    for (const binding of marked) {
      Object.assign(binding, { stale: tick, given: void 0, takes: others.includes(binding) || marked });
    }
    return marked;
  };
  const refetch = (bindings) => {
    for (const binding of bindings) {
      clearTimeout(binding.timer);
      waiting.add(binding);
      binding.stale = ++tick;
      if (binding.flying) binding.since ||= clock();
    }
    soon();
  };
  const soon = () => {
    if (!isDue) queueMicrotask(flush);
    isDue = true;
  };
  const flush = () => {
    isDue = false;
    if (globalThis.document && document.prerendering) {
      return document.addEventListener("prerenderingchange", flush, { once: true });
    }
    const now = clock();
    const isFull = (binding) => binding.flying > (binding.tries > 1 && isStarved(binding) ? 0 : 1);
    const isReady = (binding) => !(now < binding.next + (isFull(binding) ? 3 * PATIENCE : -WINDOW));
    const bindings = now < next - PATIENCE ? [] : [...waiting].filter(isReady);
    for (const binding of bindings) {
      waiting.delete(binding);
      binding.next = Math.max(now, binding.next ?? 0) + WINDOW;
    }
    if (bindings[0]) next = Math.max(now, next) + WINDOW;
    clearTimeout(timer);
    if (waiting.size) timer = setTimeout(flush, WINDOW);
    for (const [, send] of sources) send(bindings);
  };
  const isStarved = ({ since }) => since > 0 && clock() - since > PATIENCE;
  const ask = (binding) => {
    const { flying = 0, tries = 0 } = binding;
    Object.assign(binding, { flying: flying + 1, tries: tries + 1, asked: ++tick });
    return tick;
  };
  const over = (binding) => {
    binding.flying--;
    soon();
  };
  const current = (binding, asked, strict) => asked > (binding.stale ?? 0) || !strict && isStarved(binding) && asked > (binding.shown ?? 0);
  const show = (binding, asked) => {
    const isFresh = current(binding, asked, true);
    const stale = isFresh ? asked - 1 : binding.stale;
    clearTimeout(binding.timer);
    Object.assign(binding, { stale, shown: asked, since: isFresh ? 0 : clock(), tries: 0, wait: PATIENCE });
    return isFresh;
  };
  const fail2 = (binding, status) => {
    clearTimeout(binding.timer);
    Object.assign(binding, { stale: ++tick, since: 0, tries: 0 });
    if (/^[1-4](?!29)/.test(status)) return;
    binding.wait = Math.min(LONGEST_WAIT, 2 * (binding.wait ?? (binding.asked ? PATIENCE : SOON)));
    binding.timer = setTimeout(() => refetch([binding]), binding.wait * (0.75 + Math.random() / 2));
  };
  const give = (answers, marked) => {
    for (const binding of marked.filter(({ takes }) => takes === marked)) {
      const { kind, text } = binding.item?.() || {};
      const found = answers?.[kind]?.[text];
      binding.given = found && { ...found, text };
    }
  };
  const missed = (asked, keys = []) => reached(log.since(asked).filter((key2) => !keys.includes(key2)));
  const shown = () => reached(parse("*"));
  const invalidate2 = (keys, from = "script") => refetch(mark(typeof keys === "string" ? fromHeader(keys) : fromBody(keys), from));
  return { source, mark, refetch, ask, over, current, show, fail: fail2, give, missed, shown, invalidate: invalidate2 };
};

// mizan_htmx/static/mizan_htmx/src/shared.js
var PLACE = /* @__PURE__ */ Symbol.for("mizan.kernel");
var store = createStore();
store.together = createAsk(store);
store.mounted = () => mounted(store);
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
if (globalThis.document && there === mine) watch(store);

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
