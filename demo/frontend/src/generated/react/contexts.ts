// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
import { mizanFetch, registerContext, type Entry } from "./kernel.js"
import { useContextData } from "./react.js"
import type { operations } from "./schema.js"

export type ActivityParams = NonNullable<operations["ctx.activity"]["parameters"]["query"]>
export type ActivityData = operations["ctx.activity"]["responses"][200]["content"]["application/json"]

export function registerActivity(params: ActivityParams): Entry<ActivityData> {
  return registerContext<ActivityData>("activity", params)
}

export function fetchActivity(params: ActivityParams): Promise<ActivityData> {
  return mizanFetch<ActivityData>("activity", params)
}

export function useActivity(params: ActivityParams) {
  return useContextData<ActivityData>("activity", params)
}

export type BoardParams = NonNullable<operations["ctx.board"]["parameters"]["query"]>
export type BoardData = operations["ctx.board"]["responses"][200]["content"]["application/json"]

export function registerBoard(params: BoardParams): Entry<BoardData> {
  return registerContext<BoardData>("board", params)
}

export function fetchBoard(params: BoardParams): Promise<BoardData> {
  return mizanFetch<BoardData>("board", params)
}

export function useBoard(params: BoardParams) {
  return useContextData<BoardData>("board", params)
}

export type CardParams = NonNullable<operations["ctx.card"]["parameters"]["query"]>
export type CardData = operations["ctx.card"]["responses"][200]["content"]["application/json"]

export function registerCard(params: CardParams): Entry<CardData> {
  return registerContext<CardData>("card", params)
}

export function fetchCard(params: CardParams): Promise<CardData> {
  return mizanFetch<CardData>("card", params)
}

export function useCard(params: CardParams) {
  return useContextData<CardData>("card", params)
}

export type ColumnParams = NonNullable<operations["ctx.column"]["parameters"]["query"]>
export type ColumnData = operations["ctx.column"]["responses"][200]["content"]["application/json"]

export function registerColumn(params: ColumnParams): Entry<ColumnData> {
  return registerContext<ColumnData>("column", params)
}

export function fetchColumn(params: ColumnParams): Promise<ColumnData> {
  return mizanFetch<ColumnData>("column", params)
}

export function useColumn(params: ColumnParams) {
  return useContextData<ColumnData>("column", params)
}

export type CommentsParams = NonNullable<operations["ctx.comments"]["parameters"]["query"]>
export type CommentsData = operations["ctx.comments"]["responses"][200]["content"]["application/json"]

export function registerComments(params: CommentsParams): Entry<CommentsData> {
  return registerContext<CommentsData>("comments", params)
}

export function fetchComments(params: CommentsParams): Promise<CommentsData> {
  return mizanFetch<CommentsData>("comments", params)
}

export function useComments(params: CommentsParams) {
  return useContextData<CommentsData>("comments", params)
}

export type DetailsParams = NonNullable<operations["ctx.details"]["parameters"]["query"]>
export type DetailsData = operations["ctx.details"]["responses"][200]["content"]["application/json"]

export function registerDetails(params: DetailsParams): Entry<DetailsData> {
  return registerContext<DetailsData>("details", params)
}

export function fetchDetails(params: DetailsParams): Promise<DetailsData> {
  return mizanFetch<DetailsData>("details", params)
}

export function useDetails(params: DetailsParams) {
  return useContextData<DetailsData>("details", params)
}

export type InboxParams = NonNullable<operations["ctx.inbox"]["parameters"]["query"]>
export type InboxData = operations["ctx.inbox"]["responses"][200]["content"]["application/json"]

export function registerInbox(params: InboxParams): Entry<InboxData> {
  return registerContext<InboxData>("inbox", params)
}

export function fetchInbox(params: InboxParams): Promise<InboxData> {
  return mizanFetch<InboxData>("inbox", params)
}

export function useInbox(params: InboxParams) {
  return useContextData<InboxData>("inbox", params)
}

export type WorkParams = NonNullable<operations["ctx.work"]["parameters"]["query"]>
export type WorkData = operations["ctx.work"]["responses"][200]["content"]["application/json"]

export function registerWork(params: WorkParams): Entry<WorkData> {
  return registerContext<WorkData>("work", params)
}

export function fetchWork(params: WorkParams): Promise<WorkData> {
  return mizanFetch<WorkData>("work", params)
}

export function useWork(params: WorkParams) {
  return useContextData<WorkData>("work", params)
}
