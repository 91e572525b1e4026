import { RateLimitError, RESTJSONErrorCodes as Code } from "discord.js";
import { DiscordRefused, MadeToWait, NotDiscord, withinBounds } from "./no-answer.ts";

/** What a refused or failed call to Discord means for what to do next. */
export type DiscordFault =
  /** The first answer came later than 3 s after the event. */
  | "too late"
  /** Somebody has answered this event already: an earlier try of ours, or another replica. */
  | "already answered"
  /** 15 minutes are over. */
  | "token gone"
  /** Our first answer has not arrived yet, or Discord has lost the token, which it does in its incidents. */
  | "token unknown"
  | "message gone"
  /** The place or the person is gone, or takes nothing from the bot. */
  | "no way there"
  /** There, or then with these files. */
  | "no permission"
  /** Archived or locked; a post opens an archived one. */
  | "thread closed"
  /** The message has one, opened by a call whose answer was lost. */
  | "thread there already"
  | "edits spent"
  /** Where the bot is a guest, an event has five. */
  | "follow-ups spent"
  | "too large"
  /** A rule of the server's AutoMod stopped the text. */
  | "filtered"
  | "no uploads"
  /** Its fields are named, or should be. */
  | "malformed"
  | "bad bot token"
  /** In Discord's own words, and none of those above: nobody knows for how long. */
  | "refused"
  | "made to wait"
  | "trouble"
  /** Trouble as well, but the call had gone out: it may have had its effect. */
  | "answer lost";

/** By the interaction's token, which needs no authorization, or with the bot's own. */
export type Authority = "interaction" | "bot";

/** Discord's numeric codes with a known meaning. Statuses mean nothing here: one code comes with several of them. */
export const faultOfCode: ReadonlyMap<number, DiscordFault> = new Map<number, DiscordFault>([
  [Code.UnknownInteraction, "too late"],
  [Code.InteractionHasAlreadyBeenAcknowledged, "already answered"],
  [Code.InvalidWebhookToken, "token gone"],
  [Code.UnknownWebhook, "token unknown"],
  [Code.UnknownMessage, "message gone"],
  [Code.UnknownChannel, "no way there"],
  [Code.UnknownGuild, "no way there"],
  [Code.UnknownUser, "no way there"],
  [Code.MissingAccess, "no way there"],
  [Code.CannotSendMessagesToThisUser, "no way there"],
  [Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds, "no way there"],
  [Code.MissingPermissions, "no permission"],
  [Code.InvalidActionOnArchivedThread, "thread closed"],
  [Code.ThreadLocked, "thread closed"],
  [Code.ThreadAlreadyCreatedForMessage, "thread there already"],
  [Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached, "edits spent"],
  [Code.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages, "follow-ups spent"],
  [Code.RequestEntityTooLarge, "too large"],
  [Code.FileUploadedExceedsMaximumSize, "too large"],
  [Code.MessageWasBlockedByAutomaticModeration, "filtered"],
  [Code.MessageBlockedByHarmfulLinksFilter, "filtered"],
  [Code.AccessToFileUploadsHasBeenLimitedForThisGuild, "no uploads"],
  [Code.ExplicitContentCannotBeSentToTheDesiredRecipient, "no uploads"],
  [Code.InvalidFormBodyOrContentType, "malformed"],
  [Code.InvalidToken, "bad bot token"],
  [Code.Unauthorized, "bad bot token"],
  [Code.CloudflareIsBlockingYourRequest, "trouble"],
  [Code.SendMessagesHasBeenTemporarilyDisabled, "trouble"],
  [Code.FeatureTemporarilyDisabledServerSide, "trouble"],
  [Code.APIResourceOverloaded, "trouble"],
]);

/** Closed for good, each on its own way. With anything else it is worth looking again later whether it is still so. */
const FINAL: ReadonlySet<DiscordFault> = new Set<DiscordFault>([
  "token gone",
  "token unknown",
  "message gone",
  "no way there",
  "no permission",
  "follow-ups spent",
]);

export function isFinal({ fault }: Refusal): boolean {
  return FINAL.has(fault);
}

/** `because` names the way, the status and the code; `seconds` is the wait that is asked for; `fields` are those called malformed. */
export type Refusal = { fault: DiscordFault; because: string; seconds?: number; fields?: string[] };

/** Reads what a call has thrown; what is neither Discord's nor the network's is a bug of ours and is thrown again. `way` says what was tried. */
export function refusalOf(error: unknown, authority: Authority, way: string): Refusal {
  if (error instanceof DiscordRefused) {
    const { status, code, fields } = error;
    return { fault: faultOf(error, authority), because: `${way}: status ${status}, code ${code}`, fields };
  }
  if (error instanceof MadeToWait) return madeToWait(error.seconds, way);
  if (error instanceof RateLimitError) return madeToWait(withinBounds(error.timeToReset / 1000), way);
  if (error instanceof NotDiscord) return { fault: "trouble", because: `${way}: ${error.message}` };
  if (isNetworkError(error))
    return { fault: wentOut(error) ? "answer lost" : "trouble", because: `${way}: ${codeOf(error) || error.name}` };
  throw error;
}

/** Worth another try, where a repeat is harmless. */
export function isTrouble(fault: DiscordFault): boolean {
  return fault === "trouble" || fault === "answer lost";
}

function madeToWait(seconds: number, way: string): Refusal {
  return { fault: "made to wait", because: `${way}: status 429, ${Math.ceil(seconds)} s to wait`, seconds };
}

function faultOf({ status, code }: DiscordRefused, authority: Authority): DiscordFault {
  // "401: Unauthorized" has no code of its own.
  if (status === 401 && code === 0 && authority === "bot") return "bad bot token";
  const fault = faultOfCode.get(code) ?? "refused";
  return fault === "bad bot token" && authority !== "bot" ? "refused" : fault;
}

function isNetworkError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === "AbortError" || error.name === "TimeoutError") return true;
  return /^(E[A-Z_]+|UND_ERR_\w+)$/.test(codeOf(error)) || error.message === "terminated";
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

function wentOut(error: Error): boolean {
  return !/^(ECONNREFUSED|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(
    codeOf(error),
  );
}
