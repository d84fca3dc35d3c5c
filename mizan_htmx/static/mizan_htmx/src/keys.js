// Keys: a context's name and some of its parameters, as the header X-Mizan-Invalidate says them
// (RFC 9651, a List of Tokens with Parameters). The twin of mizan_htmx/keys.py; both are held to
// the golden cases of tests/protocol/.

const MAX_KEYS = 64
const MAX_BYTES = 2048

const PARAM =
  /; *([a-z*][a-z0-9_.*-]*)(?:=(-?\d{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[\da-f]{2})*"|\?[01]|null))?/g
const MEMBER = RegExp(`[ \\t]*(\\*|[a-z][a-z0-9_.]*)((?:${PARAM.source})*)[ \\t]*(?:,|$)`, "y")

/** A key that covers everything. */
export const ANY = { name: "*", params: new Map(), text: "*" }

/**
 * The keys of a text. Never throws: what cannot be read is dropped, up to the next comma.
 * @param {string} text
 * @returns {{name: string, params: Map<string, string | boolean | null>, text: string}[]}
 */
export function parse(text) {
  const keys = []
  for (let at = 0; at < text.length; ) {
    MEMBER.lastIndex = at
    const match = MEMBER.exec(text)
    at = match ? MEMBER.lastIndex : text.indexOf(",", at) + 1 || text.length
    try {
      if (match) keys.push({ name: match[1], params: new Map(readAll(match[2])), text: match[1] + match[2] })
    } catch {
      // a Display String that is no UTF-8
    }
  }
  return keys
}

/** `parse` for a header: what exceeds the limits is read as `*`. */
export function fromHeader(text) {
  if (text.length > MAX_BYTES) return [ANY]
  const keys = parse(text)
  return keys.length > MAX_KEYS ? [ANY] : keys
}

/** Whether `a` made stale means that `b` is: the same name, and no shared parameter differs. */
export function covers(a, b) {
  return (
    a.name === "*" ||
    (a.name === b.name && [...a.params].every(([p, v]) => !b.params.has(p) || b.params.get(p) === v))
  )
}

/**
 * The text of a key, parameters sorted: `{ name, params }`, as `key()` makes it of plain values.
 */
export function format({ name, params }) {
  return Array.from(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((text, [param, value]) => `${text};${param}=${write(value)}`, name)
}

/**
 * A key of plain values: what stands between the quotes is what counts, so 5 and "5" are one.
 * @param {string} name
 * @param {Record<string, unknown>} [params]
 */
export function key(name, params = {}) {
  const text = (value) => (value === null || typeof value === "boolean" ? value : `${value}`)
  return { name, params: new Map(Object.entries(params).map(([param, value]) => [param, text(value)])) }
}

function readAll(params) {
  return Array.from(params.matchAll(PARAM), ([, param, item = "?1"]) => [param, read(item)])
}

function read(item) {
  if (item === "null") return null
  if (item[0] === "?") return item === "?1"
  if (item[0] === "%") return decodeURIComponent(item.slice(2, -1))
  if (item[0] === '"') return item.slice(1, -1).replace(/\\(.)/g, "$1")
  return `${+item || 0}` // 007 is 7, and -0 is 0
}

function write(value) {
  if (value === null) return "null"
  if (value === true || value === false) return `?${+value}`
  const text = `${value}`
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return text
  if (/^[ -~]*$/.test(text)) return `"${text.replace(/["\\]/g, "\\$&")}"`
  // Display String; encodeURIComponent throws for a lone surrogate, as Python does
  return `%"${text.replace(/[^ !#$&-~]+/gu, (c) => encodeURIComponent(c).toLowerCase())}"`
}
