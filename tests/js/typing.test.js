// What somebody does inside a fragment survives its refetch. case F-12

import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"

import { JSDOM } from "jsdom"

const { window } = new JSDOM("<main></main><input id=outside>", { pretendToBeVisual: true })
for (const name of ["document", "CSS", "MutationObserver"]) globalThis[name] = window[name]
globalThis.CSS ??= { escape: (text) => text.replace(/\W/g, "\\$&") } // jsdom has none
globalThis.getSelection = () => window.getSelection()
const { isBusy, keep, sent, whenDone } = await import("../../mizan_htmx/static/mizan_htmx/src/typing.js")

const main = document.querySelector("main")
const $ = (selector) => document.querySelector(selector)

/** New content comes. */
const swap = (html) => {
  const restore = keep(main)
  main.innerHTML = html
  restore()
}

const dispatch = (type, target = document) => target.dispatchEvent(new window.Event(type, { bubbles: true }))

beforeEach(() => {
  document.activeElement.blur()
  window.getSelection().removeAllRanges()
  main.innerHTML = ""
})

for (const [html, busy] of [
  ["<input>", true],
  ["<input type=search>", true],
  ["<input type=email>", true],
  ["<textarea></textarea>", true],
  ["<input readonly>", false],
  ["<input type=checkbox>", false],
  ["<input type=submit>", false],
  ["<button>x</button>", false],
  ["<select><option>x</select>", false],
  ["<a href=x>x</a>", false],
]) {
  test(`whoever has begun with ${html} is ${busy ? "" : "not "}interrupted`, () => {
    main.innerHTML = html
    main.firstChild.focus()
    assert.equal(document.activeElement, main.firstChild)
    assert.equal(isBusy(main), false)
    dispatch("input", main.firstChild)
    assert.equal(isBusy(main), busy)
    main.firstChild.blur()
    main.firstChild.focus()
    assert.equal(isBusy(main), false)
  })
}

test("where the caret cannot be put back, a text waits for who is in it", () => {
  main.innerHTML = "<input type=email value=x><input value=x>"
  main.firstChild.focus()
  assert.equal(isBusy(main), true)
  main.lastChild.focus()
  assert.equal(isBusy(main), false)
})

test("a field outside does not matter", () => {
  $("#outside").focus()
  dispatch("input", $("#outside"))
  assert.equal(isBusy(main), false)
})

test("a form that was emptied is done", () => {
  main.innerHTML = "<form><input></form>"
  $("form input").focus()
  dispatch("input", $("form input"))
  $("form").reset()
  assert.equal(isBusy(main), false)
})

test("what a write took is not what they typed any more; what they typed since is", () => {
  main.innerHTML = "<form><input name=a><input name=b><input type=checkbox name=c><button></button></form>"
  for (const name of ["a", "b"]) $(`[name=${name}]`).value = "typed"
  $("[name=c]").checked = true
  $("[name=a]").focus()
  dispatch("input", $("[name=a]"))
  const done = sent($("button"))
  $("[name=b]").value = "typed since"
  done()
  assert.equal(isBusy(main), false)
  swap("<form><input name=a value=new><input name=b value=new><input type=checkbox name=c></form>")
  assert.deepEqual(["a", "b"].map((name) => $(`[name=${name}]`).value), ["new", "typed since"])
  assert.equal($("[name=c]").checked, false)
})

test("a field that saves itself took nothing but its own", () => {
  main.innerHTML = "<form><input name=a><input name=b></form>"
  for (const name of ["a", "b"]) $(`[name=${name}]`).value = "typed"
  sent($("[name=a]"))()
  swap("<form><input name=a value=new><input name=b value=new></form>")
  assert.deepEqual(["a", "b"].map((name) => $(`[name=${name}]`).value), ["new", "typed"])
})

test("what a browser makes of a field itself is not what they typed", () => {
  main.innerHTML = "<input type=color name=a><input type=range name=b><input type=hidden name=c value=1><input readonly name=d>"
  $("[name=d]").value = "a script's"
  swap("<input type=color name=a value=#ff0000><input type=range name=b value=7><input readonly name=d value=new>")
  assert.deepEqual(["a", "b", "d"].map((name) => $(`[name=${name}]`).value), ["#ff0000", "7", "new"])
})

test("what they chose is not put back where it is gone", () => {
  main.innerHTML = "<select><option>1<option>2</select><input type=radio name=r value=1 checked><input type=radio name=r value=2>"
  $("select").value = "2"
  $("[value='2']:not(option)").checked = true
  swap("<select><option>1<option selected>3</select><input type=radio name=r value=1 checked>")
  assert.equal($("select").value, "3")
  assert.equal($("[name=r]").checked, true)
})

test("a selected text and an open dialog wait", () => {
  main.innerHTML = "<p>some words</p>"
  window.getSelection().selectAllChildren(main.firstChild)
  assert.equal(isBusy(main), true)
  window.getSelection().collapseToStart()
  assert.equal(isBusy(main), false)
  main.innerHTML = "<dialog open>x</dialog>"
  assert.equal(isBusy(main), true)
})

test("what was changed is put back, and all else is new", () => {
  main.innerHTML =
    '<input name=a value=1><input name=b value=1><textarea name=t>x</textarea><input type=hidden name=h value=1>' +
    "<select name=s><option>1<option>2</select><select name=u><option>1<option>2</select>" +
    "<input type=checkbox name=c value=1><input type=checkbox name=c value=2>"
  $("[name=a]").value = "typed"
  $("textarea").value = "more"
  $("[name=s]").value = "2"
  main.querySelectorAll("[name=c]")[1].checked = true
  swap(
    '<input name=z><input name=b value=9><input name=a value=9><textarea name=t>y</textarea><input type=hidden name=h value=2>' +
      "<select name=s><option>1<option>2</select><select name=u><option>1<option selected>2</select>" +
      "<input type=checkbox name=c value=2><input type=checkbox name=c value=1>",
  )
  const values = ["a", "b", "t", "h", "s", "u"].map((name) => $(`[name=${name}]`).value)
  assert.deepEqual(values, ["typed", "9", "more", "2", "2", "2"])
  assert.deepEqual([...main.querySelectorAll("[name=c]")].map(({ checked }) => checked), [true, false])
})

test("a choice of several is put back", () => {
  const options = "<option>1<option selected>2<option>3</select>"
  main.innerHTML = `<select multiple name=m>${options}`
  for (const option of $("select").options) option.selected = option.text !== "2"
  swap(`<select multiple name=m><option>0${options}`)
  assert.deepEqual([...$("select").selectedOptions].map(({ text }) => text), ["1", "3"])
})

test("rows are told apart by their ids, wherever they stand", () => {
  const row = (id) => `<li id=row-${id}><input name=title value=${id}></li>`
  main.innerHTML = row(1) + row(2)
  $("#row-2 input").value = "typed"
  swap(row(3) + row(2) + row(1))
  assert.deepEqual([...main.querySelectorAll("input")].map(({ value }) => value), ["3", "typed", "1"])
  swap(row(1))
  assert.equal($("input").value, "1")
})

test("rows are told apart by what they write to, and by what they came with", () => {
  const row = (id) => `<form hx-vals='{"id": ${id}}'><input name=title></form>`
  main.innerHTML = row(1) + row(2) + "<p><input name=plain value=x></p>"
  $("form:nth-child(2) input").value = "typed"
  $("[name=plain]").value = "typed"
  swap(row(3) + row(2) + "<p><input name=plain value=y></p><p><input name=plain value=x></p>")
  assert.deepEqual([...main.querySelectorAll("input")].map(({ value }) => value), ["", "typed", "y", "typed"])
})

test("what came late, and what follows it, is put back once", async () => {
  main.innerHTML = "<input name=a>"
  const restore = keep(main)
  $("input").value = "typed"
  dispatch("input", $("input"))
  main.innerHTML = "<input name=a>"
  await null
  assert.equal($("input").value, "typed")
  $("input").value = "typed since"
  dispatch("input", $("input"))
  restore()
  $("input").value = "and later"
  restore()
  assert.equal($("input").value, "and later")
})

test("what was opened stays open, and what the server opens does too", () => {
  main.innerHTML = "<details id=a><summary>a</summary></details><details id=b><summary>b</summary></details>"
  $("#a").open = true
  swap("<details id=b open></details><details id=a></details><details id=c></details>")
  assert.deepEqual([...main.children].map(({ open }) => open), [true, true, false])
})

test("scrolled places are put back, that of the element too", () => {
  main.innerHTML = "<div id=list>long</div>"
  $("#list").scrollTop = 40
  main.scrollLeft = 7
  swap("<div id=list>longer</div>")
  assert.deepEqual([$("#list").scrollTop, main.scrollLeft], [40, 7])
})

test("the focus stays with what it was on", () => {
  main.innerHTML = "<button name=x>1</button><button name=x>2</button>"
  main.lastChild.focus()
  swap("<button name=x>1</button><button name=x>2</button>")
  assert.equal(document.activeElement, main.lastChild)
})

test("the focus falls to the element where what held it is gone, never to the body", () => {
  main.innerHTML = "<button>1</button>"
  main.firstChild.focus()
  swap("<p>gone</p>")
  assert.equal(document.activeElement, main)
})

test("a focus elsewhere is left alone", () => {
  main.innerHTML = "<button>1</button>"
  $("#outside").focus()
  swap("<button>1</button>")
  assert.equal(document.activeElement, $("#outside"))
})

test("who is done is told, once, and until then the element says that there is news", () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const told = mock.fn()
  main.innerHTML = "<input>"
  main.firstChild.focus()
  dispatch("input", main.firstChild)
  whenDone(main, told)
  whenDone(main, told)
  assert.equal(main.dataset.mizanUpdated, "")
  dispatch("selectionchange")
  mock.timers.tick(0)
  assert.equal(told.mock.callCount(), 0)
  main.firstChild.blur()
  mock.timers.tick(0)
  dispatch("selectionchange")
  mock.timers.tick(0)
  assert.equal(told.mock.callCount(), 1)
  assert.equal(main.dataset.mizanUpdated, undefined)
  mock.timers.reset()
})

test("an element that left waits for nobody", () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const told = mock.fn()
  const gone = document.createElement("div")
  whenDone(gone, told)
  dispatch("close")
  mock.timers.tick(0)
  assert.equal(told.mock.callCount(), 1)
  mock.timers.reset()
})
