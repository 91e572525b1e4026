import { setTimeout as pause } from "node:timers/promises";
import { noteAudit } from "../audit/audit.ts";
import { log } from "../log.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import type { ChatReply, ReplyAction } from "../replies/reply.ts";
import type { Asker } from "../request/request.ts";
import { keepDaysOf } from "../settings.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import type { Said, Text } from "../words/said.ts";
import { privacyAnswers } from "../words/sentences.ts";
import { ask, askedBy } from "./asked.ts";
import type { Asked } from "./asked.ts";

/** How long a second press of Forget counts. */
const SURE_SECONDS = 60;
/** Enough of a copy's id to tell it to whoever can fetch it. */
const SAID_OF_COPY = 8;

/** After it nothing can be brought back. */
export function isLastWord(what: string): boolean {
  return what.startsWith("sure");
}

const act = (label: Said, what: string): ReplyAction => ({ do: "privacy", label, what });

/**
 * What is kept of whoever asks, and what they can do about it; `what` is what a button held. It is about the presser and nobody
 * else, whoever was shown the button. Never throws for storage.
 */
export async function privacyReply(
  { what, by, signal }: { what: string; by: Asker; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  try {
    if (what === "forget") return askToForget([privacyAnswers.askForget]);
    const [word = "", until = ""] = what.split("@");
    if (word === "sure" && !(Date.now() < Number(until) * 1000))
      return askToForget([privacyAnswers.askedLate, privacyAnswers.askForget]);
    if (word === "sure") {
      await ask("forget", by, azure, signal);
      // Without a name: it would be in the way of what was asked.
      void noteAudit({ by: { name: "" }, did: "forgot a person", of: "" }, azure).catch(forgetIt);
    }
    if (word === "show") {
      await ask("show", by, azure, signal);
      void noteAudit({ by, did: "asked what is kept", of: "" }, azure).catch(forgetIt);
      // A small copy is ready soon.
      await pause(azure.times.privacy.patienceMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    return await noticeReply(by, settings, azure, signal);
  } catch (error) {
    log.error({ error, what }, "what is kept of somebody could not be looked at");
    return privateWordReply(privacyAnswers.away);
  }
}

function forgetIt(error: unknown): void {
  log.warn({ error }, "a line of the audit could not be written");
}

function askToForget(paragraphs: Said[]): ChatReply {
  const until = Math.ceil(Date.now() / 1000) + SURE_SECONDS;
  const actions = [act(privacyAnswers.sure, `sure@${until}`)];
  return { ...privateWordReply(privacyAnswers.askForget), paragraphs, actions };
}

async function noticeReply(by: Asker, settings: Settings, azure: Azure, signal?: AbortSignal): Promise<ChatReply> {
  const [copy, forgetting] = await Promise.all([
    askedBy(by, "show", azure, signal),
    askedBy(by, "forget", azure, signal),
  ]);
  const { operator, publicUrl } = settings;
  const keepDays = keepDaysOf(settings);
  const paragraphs: Text[] = [
    privacyAnswers.kept,
    keepDays ? privacyAnswers.forDays({ days: keepDays }) : privacyAnswers.forEver,
    ...(operator.name ? [privacyAnswers.runBy({ name: operator.name })] : []),
    ...(operator.contact ? [privacyAnswers.writeTo({ contact: operator.contact })] : []),
    ...(forgetting ? [privacyAnswers.forgetting({ since: forgetting.at })] : []),
    ...(copy ? [wordOfCopy(copy, settings)] : []),
  ];
  const actions: ReplyAction[] = [
    ...(copy?.copy && publicUrl
      ? [{ do: "open" as const, label: privacyAnswers.download, url: `${publicUrl}/copies/${copy.copy}.zip` }]
      : []),
    ...(copy && !copy.copy ? [act(privacyAnswers.look, "look")] : []),
    ...(copy && !copy.copy ? [] : [act(copy ? privacyAnswers.showAgain : privacyAnswers.show, "show")]),
    ...(forgetting ? [] : [act(privacyAnswers.forget, "forget")]),
    ...(publicUrl ? [{ do: "open" as const, label: privacyAnswers.page, url: `${publicUrl}/privacy` }] : []),
  ];
  return { ...privateWordReply(privacyAnswers.title), mood: "help", title: privacyAnswers.title, paragraphs, actions };
}

function wordOfCopy({ copy, bytes = 0, until = "" }: Asked, { publicUrl }: Settings): Said {
  if (!copy) return privacyAnswers.making;
  return publicUrl
    ? privacyAnswers.ready({ bytes, until })
    : privacyAnswers.readyElsewhere({ bytes, until, copy: copy.slice(0, SAID_OF_COPY) });
}
