// Made by manage.py mizan_codegen: do not edit, the next run writes it anew.
import { mizanCall } from "./kernel.js"
import { mutation } from "./svelte.js"
import type { operations } from "./schema.js"

export type AddCardArgs = NonNullable<operations["call.add_card"]["requestBody"]>["content"]["application/json"]
export type AddCardResult = operations["call.add_card"]["responses"][200]["content"]["application/json"]["result"]

export function addCard(args: AddCardArgs): Promise<AddCardResult> {
  return mizanCall<AddCardResult>("add_card", args)
}

export function addCardMutation() {
  return mutation<AddCardArgs, AddCardResult>("add_card")
}

export type AddCommentArgs = NonNullable<operations["call.add_comment"]["requestBody"]>["content"]["application/json"]
export type AddCommentResult = operations["call.add_comment"]["responses"][200]["content"]["application/json"]["result"]

export function addComment(args: AddCommentArgs): Promise<AddCommentResult> {
  return mizanCall<AddCommentResult>("add_comment", args)
}

export function addCommentMutation() {
  return mutation<AddCommentArgs, AddCommentResult>("add_comment")
}

export type AssignOpenArgs = NonNullable<operations["call.assign_open"]["requestBody"]>["content"]["application/json"]
export type AssignOpenResult = operations["call.assign_open"]["responses"][200]["content"]["application/json"]["result"]

export function assignOpen(args: AssignOpenArgs): Promise<AssignOpenResult> {
  return mizanCall<AssignOpenResult>("assign_open", args)
}

export function assignOpenMutation() {
  return mutation<AssignOpenArgs, AssignOpenResult>("assign_open")
}

export type DeleteCardArgs = NonNullable<operations["call.delete_card"]["requestBody"]>["content"]["application/json"]
export type DeleteCardResult = operations["call.delete_card"]["responses"][200]["content"]["application/json"]["result"]

export function deleteCard(args: DeleteCardArgs): Promise<DeleteCardResult> {
  return mizanCall<DeleteCardResult>("delete_card", args)
}

export function deleteCardMutation() {
  return mutation<DeleteCardArgs, DeleteCardResult>("delete_card")
}

export type EditCardArgs = NonNullable<operations["call.edit_card"]["requestBody"]>["content"]["application/json"]
export type EditCardResult = operations["call.edit_card"]["responses"][200]["content"]["application/json"]["result"]

export function editCard(args: EditCardArgs): Promise<EditCardResult> {
  return mizanCall<EditCardResult>("edit_card", args)
}

export function editCardMutation() {
  return mutation<EditCardArgs, EditCardResult>("edit_card")
}

export type MoveCardArgs = NonNullable<operations["call.move_card"]["requestBody"]>["content"]["application/json"]
export type MoveCardResult = operations["call.move_card"]["responses"][200]["content"]["application/json"]["result"]

export function moveCard(args: MoveCardArgs): Promise<MoveCardResult> {
  return mizanCall<MoveCardResult>("move_card", args)
}

export function moveCardMutation() {
  return mutation<MoveCardArgs, MoveCardResult>("move_card")
}

export type ReadAllArgs = NonNullable<operations["call.read_all"]["requestBody"]>["content"]["application/json"]
export type ReadAllResult = operations["call.read_all"]["responses"][200]["content"]["application/json"]["result"]

export function readAll(args: ReadAllArgs): Promise<ReadAllResult> {
  return mizanCall<ReadAllResult>("read_all", args)
}

export function readAllMutation() {
  return mutation<ReadAllArgs, ReadAllResult>("read_all")
}

export type ReadNoticeArgs = NonNullable<operations["call.read_notice"]["requestBody"]>["content"]["application/json"]
export type ReadNoticeResult = operations["call.read_notice"]["responses"][200]["content"]["application/json"]["result"]

export function readNotice(args: ReadNoticeArgs): Promise<ReadNoticeResult> {
  return mizanCall<ReadNoticeResult>("read_notice", args)
}

export function readNoticeMutation() {
  return mutation<ReadNoticeArgs, ReadNoticeResult>("read_notice")
}

export type SetGoalArgs = NonNullable<operations["call.set_goal"]["requestBody"]>["content"]["application/json"]
export type SetGoalResult = operations["call.set_goal"]["responses"][200]["content"]["application/json"]["result"]

export function setGoal(args: SetGoalArgs): Promise<SetGoalResult> {
  return mizanCall<SetGoalResult>("set_goal", args)
}

export function setGoalMutation() {
  return mutation<SetGoalArgs, SetGoalResult>("set_goal")
}

export type TakeCardArgs = NonNullable<operations["call.take_card"]["requestBody"]>["content"]["application/json"]
export type TakeCardResult = operations["call.take_card"]["responses"][200]["content"]["application/json"]["result"]

export function takeCard(args: TakeCardArgs): Promise<TakeCardResult> {
  return mizanCall<TakeCardResult>("take_card", args)
}

export function takeCardMutation() {
  return mutation<TakeCardArgs, TakeCardResult>("take_card")
}

export type ToggleCardArgs = NonNullable<operations["call.toggle_card"]["requestBody"]>["content"]["application/json"]
export type ToggleCardResult = operations["call.toggle_card"]["responses"][200]["content"]["application/json"]["result"]

export function toggleCard(args: ToggleCardArgs): Promise<ToggleCardResult> {
  return mizanCall<ToggleCardResult>("toggle_card", args)
}

export function toggleCardMutation() {
  return mutation<ToggleCardArgs, ToggleCardResult>("toggle_card")
}
