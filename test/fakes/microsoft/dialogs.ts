/** Dialogs and message extensions, as a person uses them. What is open is the turn that opened it. */
import { randomUUID } from "node:crypto";
import { actionsOf, pressed } from "./card-actions.ts";
import type { Filled } from "./card-inputs.ts";
import { adaptiveCard } from "./card-parts.ts";
import type { StandingActivity } from "./conversations.ts";
import { fieldsOf, previewIn, resultsIn, taskIn } from "./invoke-answers.ts";
import { messagePayload } from "./message-payload.ts";
import { insertedOf } from "./teams-activities.ts";
import type { Turn, TurnOptions, Turns } from "./turns.ts";

export type OpenOptions = TurnOptions & {
  /** "message" on a message, else "compose". */
  context?: "compose" | "commandBox" | "message";
  /** Used on this message: what somebody said (a turn's activity), or what stands. */
  on?: { id?: string; conversationId?: string };
};

export type SubmitOptions = Pick<TurnOptions, "authorization" | "change" | "copies" | "locale"> & {
  /** The title of the button; not needed where there is only one that sends. */
  button?: string;
  inputs?: Filled;
};

export function dialogsOf({ microsoft, bot, setScene, send, invoke }: Turns) {
  const { conversations } = microsoft;
  const context = { theme: "default" };
  const placeOfTurn = ({ conversationId, activity }: Turn) => ({ conversationId, user: activity.from?.name });

  return {
    /** A command of the message extension that begins with a dialog. What it shows: `dialogIn(turn)`. */
    openExtension(commandId: string, options: OpenOptions = {}): Promise<Turn> {
      const { on, ...turn } = options;
      const conversationId = on?.conversationId ?? turn.conversationId;
      const commandContext = options.context ?? (on ? "message" : "compose");
      const scene = setScene({ ...turn, conversationId });
      const payload = on && messagePayload(conversations, scene.conversationId, on.id ?? "", bot);
      const value = {
        commandId,
        commandContext,
        requestId: randomUUID().replaceAll("-", ""),
        context,
        ...(payload && { messagePayload: payload }),
      };
      return invoke("composeExtension/fetchTask", value, { ...turn, conversationId: scene.conversationId });
    },

    /** What a person types into the search of a message extension; without words, what it shows before. */
    queryExtension(commandId: string, words: Record<string, string>, turn: TurnOptions = {}): Promise<Turn> {
      const typed = Object.keys(words).length > 0 ? words : { initialRun: "true" };
      const parameters = Object.entries(typed).map(([name, value]) => ({ name, value }));
      const value = { commandId, commandContext: "compose", parameters, queryOptions: { skip: 0, count: 25 }, context };
      return invoke("composeExtension/query", value, turn);
    },

    /** Presses a button of the dialog that a turn has opened, of a message extension or of a card. */
    submitDialog(opened: Turn, options: SubmitOptions = {}): Promise<Turn> {
      const { button, inputs, ...turn } = options;
      const dialog = dialogIn(opened);
      const title = button ?? onlyButton(dialog);
      const { action, data } = pressed(dialog, title, { inputs });
      if (action.type !== "Action.Submit" && action.type !== "Action.Execute")
        throw new Error(`"${title}" is an ${action.type}: nothing reaches the bot`);
      const { activity } = opened;
      const at = { ...turn, ...placeOfTurn(opened) };
      if (activity.name?.startsWith("task/")) return invoke("task/submit", { data, context }, withReply(at, activity));
      const { commandId, commandContext, messagePayload: payload } = fieldsOf(activity.value);
      const value = {
        commandId,
        commandContext,
        data,
        context,
        ...(payload !== undefined && { messagePayload: payload }),
      };
      return invoke("composeExtension/submitAction", value, at);
    },

    /** The bot's message was shown to the person before the bot sends it; "send" adds the bot to the chat. */
    answerPreview(submitted: Turn, answer: "send" | "edit", turn: TurnOptions = {}): Promise<Turn> {
      const preview = previewIn(submitted.body);
      if (!preview) throw new Error("No message was shown");
      const chat = conversations.chat(submitted.conversationId);
      if (chat && answer === "send") chat.hasBot = true;
      const { commandId, commandContext } = fieldsOf(submitted.activity.value);
      const botActivityPreview = [{ ...preview, type: "message/card", context }];
      const value = { commandId, commandContext, botMessagePreviewAction: answer, botActivityPreview, context };
      return invoke("composeExtension/submitAction", value, { ...turn, ...placeOfTurn(submitted) });
    },

    /**
     * The person sends the card that the message extension has put into the compose box: it stands as this person's, and
     * the bot hears of it only in its own chat with the person. `nth` of several results; the first is 1.
     */
    async sendResult(
      answered: Turn,
      { nth = 1, ...turn }: TurnOptions & { nth?: number } = {},
    ): Promise<StandingActivity> {
      const result = resultsIn(answered.body)[nth - 1];
      if (!result) throw new Error(`There is no card ${nth} to send`);
      const scene = setScene({ ...placeOfTurn(answered), ...turn }, true);
      const cards = [{ contentType: result.contentType, content: result.content }];
      const activity = { type: "message", from: scene.user, attachments: cards };
      const standing = conversations.stand(scene.conversationId, activity, false, scene.user);
      const isWithBot = scene.kind === "personal" && conversations.chat(scene.conversationId)?.hasBot;
      if (isWithBot) await send(insertedOf({ ...scene, id: standing.id }, cards), scene, turn);
      return standing;
    },
  };
}

/** The card that an open dialog shows, as something whose buttons can be looked at. Throws where none is open. */
export function dialogIn(opened: Turn): { title: string; attachments: { contentType: string; content: unknown }[] } {
  const task = taskIn(opened.body);
  if (!task) throw new Error(`No dialog is open: ${JSON.stringify(opened.body)}`);
  if ("words" in task) throw new Error(`The dialog has ended: ${task.words}`);
  return { title: task.title, attachments: [{ contentType: adaptiveCard, content: task.card }] };
}

function onlyButton(dialog: ReturnType<typeof dialogIn>): string {
  const sending = actionsOf(dialog).filter(({ type }) => type === "Action.Submit" || type === "Action.Execute");
  const [only, ...more] = sending.map(({ title }) => title ?? "");
  if (only === undefined || more.length) throw new Error(`Which button? ${[only, ...more].join(", ")}`);
  return only;
}

function withReply<Options>(options: Options, { replyToId }: { replyToId?: string }): Options & { replyTo?: string } {
  return { ...options, ...(replyToId !== undefined && { replyTo: replyToId }) };
}
