"""Stand-ins for the adapters, until they are here."""

import shutil

import pytest

from mizan_htmx.codegen import project

ADAPTERS = {
    "react.js": """
import { mizanCall, registerContext } from "./kernel.js"
export const useContextData = (name, params) => registerContext(name, params).getState()
export const useMutation = (fn) => ({ mutate: (args) => mizanCall(fn, args) })
export const MizanProvider = () => null
""",
    "react.d.ts": """
import type { Params, State, MizanError } from "./kernel.js"
export function useContextData<Data>(name: string, params?: Params): State<Data>
export function useMutation<Args, Result>(fn: string): {
  mutate: (args: Args) => Promise<Result>; isPending: boolean; error: MizanError | null
}
export function MizanProvider(props: { children?: unknown }): null
""",
    "vue.js": """
export const useContextData = () => {}
export const useMutation = () => {}
""",
    "vue.d.ts": """
import type { MaybeRefOrGetter, Ref } from "vue"
import type { Params, State, MizanError } from "./kernel.js"
export function useContextData<Data>(name: string, params?: MaybeRefOrGetter<Params>): {
  data: Ref<Data | undefined>; status: Ref<string>; error: Ref<MizanError | undefined>
}
export function useMutation<Args, Result>(fn: string): {
  mutate: (args: Args) => Promise<Result>; isPending: Ref<boolean>; error: Ref<MizanError | null>
}
""",
    "svelte.js": """
export const contextData = () => {}
export const mutation = () => {}
""",
    "svelte.d.ts": """
import type { Readable } from "svelte/store"
import type { Params, State, MizanError } from "./kernel.js"
export function contextData<Data>(name: string, params?: Params): Readable<State<Data>>
export function mutation<Args, Result>(fn: string): Readable<{
  isPending: boolean; error: MizanError | null }> & { mutate: (args: Args) => Promise<Result> }
""",
}


@pytest.fixture(autouse=True)
def adapters(tmp_path_factory, monkeypatch):
    provide(monkeypatch, tmp_path_factory.mktemp("static"))


def provide(monkeypatch, folder):
    for name, text in ADAPTERS.items():
        (folder / name).write_text(text)
    for name in ("kernel.js", "kernel.d.ts"):
        shutil.copy(project.STATIC / name, folder)
    monkeypatch.setattr(project, "STATIC", folder)
