// What a field holds, and whether somebody put it there.

const UNTYPED = /^(button|checkbox|color|file|hidden|image|radio|range|reset|select.*|submit)$/
const UNCHANGED = /^(button|hidden|image|reset|submit)$/ // by people

const chosen = (options) => [...options].filter((option) => option.selected).map(({ value }) => value)

/** What stands in a field, to compare. */
export const stateOf = ({ value, checked, files, options }) =>
  JSON.stringify([checked, files ? files.length : options ? chosen(options) : value])

/** Whether a node is one to type a text into. */
export const isTypedInto = ({ isContentEditable, localName, type, readOnly }) =>
  isContentEditable || (/^(input|textarea)$/.test(localName) && !UNTYPED.test(type) && !readOnly)

const taken = new WeakMap()

/** A write took what stands in a field: it is no longer what somebody put there. */
export const take = (field) => taken.set(field, stateOf(field))

const isUntouched = ({ value, defaultValue, checked, defaultChecked, options }) =>
  options
    ? [...options].every((option) => option.selected === option.defaultSelected)
    : value === defaultValue && checked === defaultChecked

/** Whether a field holds what somebody put there: not what it came with, nor what a write took. */
export const isChanged = (field) => {
  if (!/^(input|select|textarea)$/.test(field.localName) || UNCHANGED.test(field.type) || field.readOnly) return false
  if (isUntouched(field)) return false // as most are, and this is fast
  const form = document.createElement("form")
  form.append(field.cloneNode(true))
  form.reset()
  return ![stateOf(form.firstChild), taken.get(field)].includes(stateOf(field))
}

/** What somebody put into a field: puts it into another one. */
export const filled = (node) => {
  if (!isChanged(node)) return
  const { files, options, type, checked, value } = node
  if (files) return (other) => (other.files = files)
  if (type === "radio") return checked && ((other) => (other.checked = true))
  if (type === "checkbox") return (other) => (other.checked = checked)
  if (!options) return (other) => (other.value = value)
  const values = chosen(options)
  return (other) => {
    const all = [...other.options]
    if (!values.every((one) => all.some((option) => option.value === one))) return
    for (const option of all) option.selected = values.includes(option.value)
  }
}
