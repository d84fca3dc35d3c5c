/* mizan_htmx: built from src/ by npm run build, do not edit. */

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

// mizan_htmx/static/mizan_htmx/src/elements.js
var STALE = "mizan:invalidate";
var BOUND = "[data-mizan-keys]";
var INHERITED = "target,swap,sync,confirm,prompt,vals,vars,include,params,select,select-oob,push-url,replace-url,disabled-elt,config";
var contentOf = (element) => element.innerHTML.replace(/ class="(htmx-\w+)?"| htmx-\w+| data-htmx-powered="\w*"/g, "");
var bindings = /* @__PURE__ */ new WeakMap();
var ITEM = /\/fragment\/\?f=([^&]*)&?(.*)/;
var itemOf = (element, url) => {
  const [, reference, params] = ITEM.exec(url) ?? [];
  return reference && { kind: "fragments", text: `${decodeURIComponent(reference)}?${params}`, element };
};
var isBound = (element) => element.matches?.(BOUND);
var boundAround = (node) => node?.closest?.(BOUND);
var bindingOf = (element) => {
  const { mizanKeys: text, mizanEtag: etag } = element.dataset;
  const item = () => itemOf(element, element.getAttribute("hx-get"));
  const binding = bindings.get(element) ?? { elt: element, item };
  if (binding.text !== text) bindings.set(element, Object.assign(binding, { text, keys: parse(text) }));
  if (etag) Object.assign(binding, { etag, html: contentOf(element) });
  delete element.dataset.mizanEtag;
  return binding;
};
var mounted = () => [...document.querySelectorAll(BOUND)].map(bindingOf);
var outermost = (found) => {
  const elements = new Set(found.map(({ elt }) => elt));
  const isCarried = (up) => up && (elements.has(up) && !own(up, "target") || isCarried(up.parentElement));
  return found.filter(({ elt }) => !isCarried(elt.parentElement));
};
var trigger = (element) => {
  const unset = element.hasAttribute("data-htmx-powered") ? "" : "unset";
  const values = { target: "this", swap: swapOf(element), sync: "this:replace" };
  const names = INHERITED.split(",").filter((name) => !own(element, name));
  for (const name of names) element.setAttribute(`hx-${name}`, values[name] ?? unset);
  element.dispatchEvent(new CustomEvent(STALE));
  for (const name of names) element.removeAttribute(`hx-${name}`);
};
var alone = (detail) => {
  const { elt, etc } = detail;
  if (!own(elt, "swap")) etc.swapOverride = swapOf(elt);
  if (!own(elt, "select")) detail.select = "unset";
  if (!own(elt, "select-oob")) etc.selectOOB = "unset";
  if (!own(elt, "push-url") && !own(elt, "replace-url")) etc.push = "false";
};
var swapOf = (element) => element.dataset.mizanSwap ?? "innerHTML";
var own = (element, name) => [`hx-${name}`, `data-hx-${name}`, `hx-${name}:inherited`].some((attribute) => element.hasAttribute(attribute));
var standing = (target) => target?.isConnected === false && document.getElementById(target.id) || target;

// mizan_htmx/static/mizan_htmx/src/events.js
var emit = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));

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
var isReloaded = () => performance.now() < 1e4 && performance.getEntriesByType("navigation")[0]?.type === "reload";
var isSafe = (method) => /^(get|head)$/i.test(method);
var headers = (method, url, mounted3) => {
  if (isSafe(method) || absolute(url).origin !== location.origin) return {};
  const found = { "X-Mizan-Epoch": page("epoch") ?? "" };
  const [, cookie] = `; ${document.cookie}`.split(`; ${page("csrfCookie")}=`);
  const token = cookie?.split(";")[0] ?? page("csrfToken");
  if (mounted3) found["X-Mizan-Mounted"] = mounted3;
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
var note = () => `mizan ${location.pathname}`;
var isLeaving = () => leaving;
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
var mounted2 = (store2) => take(store2.shown().flatMap((binding) => binding.item?.() || []))[1];
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

// mizan_htmx/static/mizan_htmx/src/filled.js
var isLeft = ([{ elt }, nodes]) => !nodes.length || nodes.some((node) => node.parentNode === elt);
var placeOf = (target) => (target?.innerHTML?.trim() || target?.value) && target.parentNode;
var isBrought = ({ binding, late, target, place }, other) => !other.asked && !other.stale || !late && other !== binding && (target?.contains(other.elt) || place && other.elt?.contains(place));
var urlOf = (elt) => elt.getAttribute("hx-get");
var isElsewhere = ({ elt, shows }) => urlOf(elt) !== shows;
var whenSwapped = (target, callback) => {
  if (!target?.matches?.(".htmx-swapping")) return callback();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    whenSwapped(target, callback);
  });
  observer.observe(target, { attributeFilter: ["class"] });
};

// mizan_htmx/static/mizan_htmx/src/request.js
var requestOf = (detail) => {
  const { ctx, requestConfig } = detail;
  if (!ctx) return requestConfig ?? detail;
  const { method: verb, action: path, headers: headers2 } = ctx.request;
  return { elt: ctx.sourceElement, triggeringEvent: ctx.sourceEvent, verb, path, headers: headers2 };
};
var isAt = ({ path }, place) => path.startsWith(base() + place);
var isCall = (asked) => isAt(asked, "call/");
var isOurs = ({ triggeringEvent }) => triggeringEvent?.type === STALE;
var isGood = (status) => /^2/.test(status);

// mizan_htmx/static/mizan_htmx/src/forms.js
var typed = (element) => element.matches?.("form") && JSON.stringify([...new FormData(element)]);
var isTyped = () => [...document.querySelectorAll("input,textarea")].some(
  (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked
);
var report = ({ elt, typed: before }, status, text) => {
  if (isGood(status) && before && typed(elt) === before) elt.reset();
  if (status < 400) return;
  try {
    emit(elt.isConnected ? elt : document, "mizan:error", { status, ...JSON.parse(text).error });
  } catch {
  }
};

// mizan_htmx/static/mizan_htmx/src/given.js
var FRESH = /<script type="application\/json" data-mizan-fresh>([^<]*)<\/script>$/;
var putIn = (store2, { keep }, binding) => {
  const { elt, given, etag, html, text: keys } = binding;
  if (!given?.html || given.text !== binding.item()?.text || elt.dataset.mizanSwap || !globalThis.htmx?.swap) return;
  binding.given = void 0;
  const asked = store2.ask(binding);
  if (etag !== given.etag || html !== contentOf(elt)) {
    const restore = keep(elt);
    swap(elt, given.html, () => {
      restore?.();
      Object.assign(binding, { etag: given.etag, html: contentOf(elt) });
    });
  }
  store2.over(binding);
  store2.show(binding, asked);
  delete elt.dataset.mizanStale;
  emit(elt, "mizan:fresh", { keys, ms: 0, transport: "flight" });
  return true;
};
var swap = (elt, text, then) => elt.hasAttribute("data-htmx-powered") ? htmx.swap({ sourceElement: elt, target: elt, text, swap: "innerHTML" }).then(then) : htmx.swap(elt, text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 20 }, { afterSwapCallback: then });

// mizan_htmx/static/mizan_htmx/src/guard.js
var DEEDS = ["focusin", "input", "pointerdown", "scroll", "toggle"];
var PATIENCE = 2e3;
var guard = (store2) => {
  let typing;
  const begin = ({ target }) => {
    if (typing || !boundAround(target) || !page("typing")) return;
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    const loading = Promise.race([import(page("typing")), late]).catch(() => {
    }).then((loaded) => typing = loaded);
    typing = {
      isBusy: () => true,
      whenDone: (_, again) => loading.then(again),
      sent: (element) => loading.then((loaded) => loaded?.sent(element))
    };
  };
  for (const deed of DEEDS) document.addEventListener(deed, begin, true);
  begin({ target: document.activeElement });
  const isHeld = (binding) => {
    const isBusy = typing?.isBusy(binding.elt);
    if (isBusy) typing.whenDone(binding.elt, () => store2.refetch([binding]));
    return isBusy;
  };
  const sent = async (element) => typing?.sent(element);
  return { isHeld, keep: (element) => typing?.keep?.(element), sent };
};

// mizan_htmx/static/mizan_htmx/src/loops.js
var LOOP = 2e3;
var MOST = 5;
var isLoop = ({ around, triggeringEvent }, binding) => {
  if (!around || triggeringEvent?.isTrusted) return false;
  const now = Date.now();
  binding.loops = [...binding.loops ?? [], now].filter((at2) => now - at2 < LOOP);
  if (binding.loops.length <= MOST) return false;
  console.error("mizan:loop", binding.elt);
  emit(binding.elt, "mizan:loop", { keys: binding.text });
  return true;
};

// mizan_htmx/static/mizan_htmx/src/prepare.js
var prepare = (store2, event, detail) => {
  const { verb, path, headers: given } = requestOf(detail);
  if (isSafe(verb)) return;
  if (isLeaving()) return event.preventDefault();
  const taken = Object.keys(given).map((name) => name.toLowerCase());
  const shown = page("singleflight") === "" && store2.mounted();
  for (const [name, value] of Object.entries(headers(verb, path, shown))) {
    if (!taken.includes(name.toLowerCase())) given[name] = value;
  }
};

// mizan_htmx/static/mizan_htmx/src/together.js
var joinOthers = (ask, detail, { binding, path }) => {
  const { elt, etag, html } = binding;
  const item = itemOf(elt, detail.pathInfo?.finalRequestPath ?? path);
  const answer = () => ask(item, html === contentOf(elt) && etag, binding);
  if (item) detail.ctx ? join4(detail.ctx, answer) : join2(detail.xhr, answer);
};
var headOf = ({ etag }) => ({ "Content-Type": "text/html", ...etag && { ETag: `"${etag}"` } });
var statusOf = ({ status }) => status === 304 ? 204 : status;
var join4 = (ctx, answer) => {
  const { fetch: fetch2 } = ctx;
  ctx.fetch = async (url, init) => {
    const aborted = new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal.reason)));
    const item = await Promise.race([answer(), aborted]);
    return item ? new Response(item.html ?? null, { status: statusOf(item), headers: headOf(item) }) : fetch2(url, init);
  };
};
var join2 = (xhr, answer) => {
  const end = (type) => {
    delete xhr.abort;
    for (const each of [type, "loadend"]) xhr.dispatchEvent(new ProgressEvent(each));
  };
  xhr.send = async (body) => {
    let aborted;
    xhr.abort = () => end(aborted = "abort");
    xhr.dispatchEvent(new ProgressEvent("loadstart"));
    const item = await answer().catch(() => ({ status: 0 }));
    if (aborted) return;
    if (!item) {
      delete xhr.abort;
      delete xhr.send;
      return xhr.send(body);
    }
    const headers2 = new Headers(headOf(item));
    const response = { value: item.html ?? "" };
    Object.defineProperties(xhr, {
      status: { value: statusOf(item) },
      readyState: { value: 4 },
      response,
      responseText: response,
      getResponseHeader: { value: (name) => headers2.get(name) }
    });
    end(item.status ? "load" : "error");
  };
};

// mizan_htmx/static/mizan_htmx/src/htmx.js
var bridge = (store2) => {
  const trips = /* @__PURE__ */ new WeakMap();
  const guarding = guard(store2);
  const { isHeld, keep, sent } = guarding;
  const send = (bindings2) => {
    for (const binding of outermost(bindings2.filter(({ elt }) => elt?.isConnected))) {
      const { asked } = binding;
      if (isHeld(binding) || putIn(store2, guarding, binding)) continue;
      trigger(binding.elt);
      if (binding.asked === asked) store2.fail(binding);
    }
  };
  const redirect = (event, detail) => {
    const asked = requestOf(detail);
    const reached = !isOurs(asked) && isBound(asked.elt) && isAt(asked, "fragment/");
    if (reached) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const binding = bindingOf(asked.elt);
      binding.given = void 0;
      store2.refetch([binding]);
    }
    return reached;
  };
  const start2 = (detail) => {
    const trip = { ...requestOf(detail), at: Date.now() };
    const { elt, verb } = trip;
    trip.typed = typed(elt);
    trips.set(detail.ctx ?? detail, trip);
    if (isBound(elt) && isSafe(verb)) trip.binding = bindingOf(elt);
    trip.shows = urlOf(elt);
    trip.asked = store2.ask(trip.binding ?? {});
    trip.around = boundAround(elt);
    if (trip.around && !isSafe(verb)) trip.sent = sent(elt);
    if (trip.binding) {
      elt.ariaBusy = "true";
      if (isOurs(trip) && isAt(trip, "fragment/")) joinOthers(store2.together, detail, trip);
    }
    return trip;
  };
  const wrap = (detail, trip) => {
    const { xhr, elt } = detail;
    const { onload } = xhr;
    xhr.onload = (event) => {
      const headers2 = { get: (name) => xhr.getResponseHeader(name) };
      const no = refused(trip, { status: xhr.status, headers: headers2, url: xhr.responseURL }) || isKept(trip);
      const text = typeof xhr.response === "string" ? take2(trip, xhr.response) : xhr.response;
      if (text !== xhr.response) Object.defineProperty(xhr, "response", { value: text });
      const hush = (before) => (no && before.preventDefault(), before.stopPropagation());
      if (no || isCall(trip) && xhr.status >= 400) elt.addEventListener("htmx:beforeOnLoad", hush, { once: true });
      else if (trip.binding && isOurs(trip)) alone(detail);
      trip.place = placeOf(trip.target = detail.target = standing(detail.target));
      onload.call(xhr, event);
      trip.put = trip.target;
    };
    xhr.addEventListener("loadend", () => whenSwapped(trip.put, () => finish(trip, xhr.status, xhr.response)));
  };
  const refused = (trip, answer) => {
    if (trip.leaving = leaves(answer, trip.path)) return true;
    trip.keys = fromHeader(answer.headers.get(HEADER) ?? "");
    trip.marked = store2.mark(trip.keys, "htmx", trip.asked);
    trip.stale = trip.marked.map((binding) => [binding, [...binding.elt?.childNodes ?? []]]);
    trip.etag = tagOf(answer.headers.get("ETag"));
    trip.isEmpty = answer.status === 204;
    return isLate(trip) || trip.binding && isOurs(trip) && !isGood(answer.status);
  };
  const isKept = (trip) => {
    const { binding, elt } = trip;
    if (!binding || trip.isEmpty || !isOurs(trip)) return;
    trip.late = isHeld(binding);
    if (trip.late) elt.ariaBusy = null;
    else trip.putBack = keep(elt);
    return trip.late;
  };
  const take2 = (trip, text) => text.replace(FRESH, (all, json) => {
    store2.give(JSON.parse(json), trip.marked ?? []);
    return "";
  });
  const isLate = (trip, strict) => trip.late ||= trip.binding && (isElsewhere(trip) || !store2.current(trip.binding, trip.asked, strict));
  const finish = (trip, status, text) => {
    if (trip.binding) settle(trip, status);
    if (trip.leaving) return;
    if (!status && !isSafe(trip.verb)) store2.invalidate("*", "lost");
    const left = (trip.stale ?? []).filter(isLeft).map(([binding]) => binding);
    const old = store2.missed(trip.asked, trip.keys).filter((binding) => isBrought(trip, binding));
    if (isGood(status)) trip.sent?.then((done) => done?.());
    store2.refetch([.../* @__PURE__ */ new Set([...left, ...old])].filter((binding) => !isLoop(trip, binding)));
    if (isCall(trip)) report(trip, status, text);
  };
  const settle = (trip, status) => {
    const { binding, elt, asked, at: at2, leaving: leaving2, etag } = trip;
    const { text: keys } = binding;
    trip.putBack?.();
    store2.over(binding);
    const late = isLate(trip, !isGood(status));
    if (!late || !binding.flying) elt.ariaBusy = null;
    if (isElsewhere(trip)) store2.refetch([binding]);
    if (late) return;
    if (leaving2 || !isOurs(trip) && !isGood(status)) return;
    if (isGood(status)) {
      store2.show(binding, asked);
      if (status !== 204) Object.assign(binding, { etag, html: contentOf(elt) });
      delete elt.dataset.mizanStale;
      return emit(elt, "mizan:fresh", { keys, ms: Date.now() - at2, transport: "htmx" });
    }
    store2.fail(binding, status);
    if (/403|404|410/.test(status)) {
      if (!emit(elt, "mizan:denied", { status })) return;
      const isGone = status !== 403;
      const restore = keep(isGone ? elt.parentElement : elt);
      isGone ? elt.remove() : elt.replaceChildren();
      restore?.();
    } else if (status === 409 && !isTyped() && !isReloaded()) {
      location.reload();
    } else if (elt.dataset.mizanStale === void 0) {
      elt.dataset.mizanStale = "";
      emit(elt, "mizan:stale", { keys, status });
    }
  };
  const configure3 = (event, detail) => redirect(event, detail) || prepare(store2, event, detail);
  const putBack = (event, detail, trip) => trip?.putBack?.();
  const on = {
    "htmx:confirm": redirect,
    "htmx:configRequest": configure3,
    "htmx:config:request": configure3,
    "htmx:beforeSend": (event, detail) => wrap(detail, start2(detail)),
    "htmx:before:request": (event, detail) => start2(detail),
    // It may have gone out before this script came.
    "htmx:before:response": (event, detail, trip = start2(detail)) => {
      const { ctx } = detail;
      const { raw } = ctx.response;
      trip.place = placeOf(trip.target = ctx.target = standing(ctx.target));
      if (refused(trip, raw)) event.preventDefault();
      const { text } = raw;
      raw.text = async () => take2(trip, await text.call(raw));
    },
    "htmx:before:swap": (event, detail, trip) => trip && (isLate(trip) || isKept(trip)) && event.preventDefault(),
    "htmx:after:swap": putBack,
    "htmx:afterSwap": putBack,
    "htmx:response:error": (event, detail, trip) => trip && isCall(trip) && event.stopImmediatePropagation(),
    "htmx:finally:request": (event, { ctx: { response, text } }, trip) => {
      if (!trip) return;
      if (response && !trip.marked && !trip.leaving) refused(trip, response.raw);
      finish(trip, response?.status, text);
    }
  };
  store2.source(mounted, send);
  mounted();
  for (const name in on) {
    const hear = (event) => on[name](event, event.detail, trips.get(event.detail.ctx ?? event.detail));
    document.addEventListener(name, hear, true);
  }
};

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
    (bindings2) => {
      for (const { load } of bindings2) load?.();
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
var PATIENCE2 = 500;
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
  const refetch = (bindings2) => {
    for (const binding of bindings2) {
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
    const isReady = (binding) => !(now < binding.next + (isFull(binding) ? 3 * PATIENCE2 : -WINDOW));
    const bindings2 = now < next - PATIENCE2 ? [] : [...waiting].filter(isReady);
    for (const binding of bindings2) {
      waiting.delete(binding);
      binding.next = Math.max(now, binding.next ?? 0) + WINDOW;
    }
    if (bindings2[0]) next = Math.max(now, next) + WINDOW;
    clearTimeout(timer);
    if (waiting.size) timer = setTimeout(flush, WINDOW);
    for (const [, send] of sources) send(bindings2);
  };
  const isStarved = ({ since }) => since > 0 && clock() - since > PATIENCE2;
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
    Object.assign(binding, { stale, shown: asked, since: isFresh ? 0 : clock(), tries: 0, wait: PATIENCE2 });
    return isFresh;
  };
  const fail2 = (binding, status) => {
    clearTimeout(binding.timer);
    Object.assign(binding, { stale: ++tick, since: 0, tries: 0 });
    if (/^[1-4](?!29)/.test(status)) return;
    binding.wait = Math.min(LONGEST_WAIT, 2 * (binding.wait ?? (binding.asked ? PATIENCE2 : SOON)));
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
store.mounted = () => mounted2(store);
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

// mizan_htmx/static/mizan_htmx/src/mizan.js
if (globalThis.document && !kernel.bridge) {
  kernel.bridge = true;
  bridge(kernel.store);
}
export {
  MizanError2 as MizanError,
  configure2 as configure,
  initSession2 as initSession,
  invalidate,
  mizanCall,
  mizanFetch,
  registerContext
};
