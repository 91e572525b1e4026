import { DiscordAPIError, HTTPError, RESTJSONErrorCodes } from "discord.js";
import { log } from "../../src/log.ts";

/** What a refused or failed call to Discord means for what to do next. */
export type DiscordFault =
  /** The first answer came later than 3 s after the event. */
  | "too late"
  /** Somebody has answered this event already: an earlier try of ours, or another replica. */
  | "already answered"
  /** 15 minutes are over, or Discord has lost the token, which it does in its incidents. */
  | "token gone"
  | "message gone"
  | "too large"
  /** A rule of the server's AutoMod stopped the text. */
  | "filtered"
  | "no uploads"
  /** There, or then with these files. */
  | "no permission"
  | "forbidden"
  | "edits spent"
  /** Where the bot is a guest, an event has five. */
  | "follow-ups spent"
  | "malformed"
  | "bad bot token"
  | "trouble"
  /** Trouble as well, but the call had gone out: it may have had its effect. */
  | "answer lost";

/** By the interaction's token, which needs no authorization, or with the bot's own. */
export type Authority = "interaction" | "bot";

const faultOfCode: Record<number, DiscordFault> = {
  [RESTJSONErrorCodes.UnknownInteraction]: "too late",
  [RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged]: "already answered",
  [RESTJSONErrorCodes.InvalidWebhookToken]: "token gone",
  [RESTJSONErrorCodes.UnknownWebhook]: "token gone",
  [RESTJSONErrorCodes.UnknownMessage]: "message gone",
  [RESTJSONErrorCodes.RequestEntityTooLarge]: "too large",
  [RESTJSONErrorCodes.FileUploadedExceedsMaximumSize]: "too large",
  [RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration]: "filtered",
  [RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter]: "filtered",
  [RESTJSONErrorCodes.AccessToFileUploadsHasBeenLimitedForThisGuild]: "no uploads",
  [RESTJSONErrorCodes.ExplicitContentCannotBeSentToTheDesiredRecipient]: "no uploads",
  [RESTJSONErrorCodes.MissingPermissions]: "no permission",
  [RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached]: "edits spent",
  [RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages]: "follow-ups spent",
  [RESTJSONErrorCodes.InvalidFormBodyOrContentType]: "malformed",
};

/** Reads an error of `@discordjs/rest`; one that is neither Discord's nor the network's is a bug of ours and is thrown again. */
export function faultOf(error: unknown, authority: Authority): DiscordFault {
  if (error instanceof DiscordAPIError) {
    const fault = faultOfCode[Number(error.code)] ?? faultOfStatus(error.status, authority);
    // The body names the field, and holds a person's words: the field is what the log may have.
    if (fault === "malformed")
      log.error(
        { code: error.code, method: error.method, fields: fieldsOf(error.rawError) },
        "Discord calls a request of ours malformed",
      );
    return fault;
  }
  if (error instanceof HTTPError) return "trouble";
  if (isNetworkError(error)) return wentOut(error) ? "answer lost" : "trouble";
  throw error;
}

/** Worth another try, where a repeat is harmless. */
export function isTrouble(fault: DiscordFault): boolean {
  return fault === "trouble" || fault === "answer lost";
}

function faultOfStatus(status: number, authority: Authority): DiscordFault {
  if (status === 401) return authority === "bot" ? "bad bot token" : "token gone";
  if (status === 403) return "forbidden";
  if (status === 404) return authority === "bot" ? "forbidden" : "token gone";
  if (status === 413) return "too large";
  if (status === 408 || status === 429) return "trouble";
  return "malformed";
}

function isNetworkError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === "AbortError" || error.name === "TimeoutError") return true;
  return "code" in error && /^(E[A-Z_]+|UND_ERR_\w+)$/.test(String(error.code));
}

function wentOut(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return !/^(ECONNREFUSED|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code);
}

function fieldsOf(body: object): string[] {
  const paths: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === "_errors") paths.push(path);
      else walk(inner, path ? `${path}.${name}` : name);
    }
  };
  if ("errors" in body) walk(body.errors, "");
  return paths;
}
