// Keys: a context's name and some of its parameters, as the header X-Mizan-Invalidate says them
// (RFC 9651, a List of Tokens with Parameters). The twin of mizan_htmx/keys.py; both are held to
// the golden cases of tests/protocol/.

const MAX_KEYS = 64
const MAX_BYTES = 2048

const PARAM =
  /; *([a-z*][a-z0-9_.*-]*)(?:=(-?\d{1,15}|"(?:[ !#-\[\]-~]|\\["\\])*"|%"(?:[ !#$&-~]|%[\da-f]{2})*"|\?[01]|null))?/g
// One member, or what cannot be read, up to the next comma.
const MEMBER = RegExp(`[ \\t]*(\\*|[a-z][a-z0-9_.]*)((?:${PARAM.source})*)[ \\t]*(?:,|$)|[^,]*,?`, "g")

/**
 * The keys of a text. Never throws: what cannot be read is dropped, up to the next comma.
 * @param {string} text
 * @returns {{name: string, params: Map<string, string | boolean | null>, text: string}[]}
 */
export const parse = (text) => {
  const keys = []
  for (const [, name, params] of text.matchAll(MEMBER)) {
    try {
      const said = [...(params?.matchAll(PARAM) ?? [])].map(([, param, item = "?1"]) => [param, valueOf(item)])
      if (name) keys.push({ name, params: new Map(said), text: name + params })
    } catch {
      // a Display String that is no UTF-8
    }
  }
  return keys
}

/** `parse` for a header: what exceeds the limits is read as `*`. */
export const fromHeader = (text) => {
  const keys = parse(text)
  return text.length > MAX_BYTES || keys.length > MAX_KEYS ? parse("*") : keys
}

/** The keys of an RPC body's list. */
export const fromBody = (list) =>
  list.flatMap((said) =>
    typeof said === "string" ? parse(said) : { ...key(said.context, said.params), text: said },
  )

/**
 * A test of keys: whether this one made stale means that they are, for they have the same name, and no
 * parameter that both name differs. A page may have 100,000 of them to test.
 */
export const covering = ({ name, params }) => {
  const pairs = [...params]
  const agrees = (value, other) => other === undefined || other === value
  return (key) => name === "*" || (name === key.name && pairs.every(([p, v]) => agrees(v, key.params.get(p))))
}

/**
 * The text of a key, parameters sorted: `{ name, params }`, as `key()` makes it of plain values.
 */
export const format = ({ name, params }) => {
  return Array.from(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((text, [param, value]) => `${text};${param}=${write(value)}`, name)
}

/** The text of a key in few words: any text as a Display String, which a parser reads as the same value. */
export const spell = ({ name, params }) =>
  [...params].reduce((text, [param, value]) => `${text};${param}=${spellValue(value)}`, name)

const spellValue = (value) => {
  if (typeof value !== "string") return value === null ? value : `?${+value}`
  return `%"${encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())}"`
}

/**
 * A key of plain values: what stands between the quotes is what counts, so 5 and "5" are one. What has
 * no single spelling is left out, as Python leaves it out of its keys.
 * @param {string} name
 * @param {Record<string, unknown>} [params]
 */
export const key = (name, params = {}) => {
  const said = Object.entries(params).sort().flatMap(([param, value]) => {
    if ([null, true, false].includes(value)) return [[param, value]]
    return Number.isSafeInteger(value) || /str|big/.test(typeof value) ? [[param, `${value}`]] : []
  })
  return { name, params: new Map(said) }
}

const valueOf = (item) => {
  if (item[0] === "?") return item === "?1"
  if (item[0] === "%") return decodeURIComponent(item.slice(2, -1))
  if (/^["n]/.test(item)) return JSON.parse(item) // a String has no escapes but JSON's; or null
  return `${+item || 0}` // 007 is 7, and -0 is 0
}

const write = (value) => {
  if (value === null) return "null"
  if (value === true || value === false) return `?${+value}`
  const text = `${value}`
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return text
  if (/^[ -~]*$/.test(text)) return `"${text.replace(/["\\]/g, "\\$&")}"`
  // Display String; encodeURIComponent throws for a lone surrogate, as Python does
  return `%"${text.replace(/[^ !#$&-~]+/gu, (c) => encodeURIComponent(c).toLowerCase())}"`
}
