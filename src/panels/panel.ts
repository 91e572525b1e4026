import type { ChatForm, FormValues } from "../replies/form.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";

/**
 * A panel is a message for one person alone, with buttons, menus and forms that lead to the next one in its place. Which one
 * that is travels in them as a short text, `usage.people.month`: what it shows is read anew with every press, and who may see it asked anew.
 */
export type Visit = {
  panel: string;
  /** What was sent with the panel's form. */
  values?: FormValues;
  by: Asker;
  /** Whether whoever presses runs the server or the tenant that they press in, as their platform says. */
  runsWorkspace: boolean;
  /** Its platform tells who has which role. */
  hasRoles: boolean;
  /** A file can go along with the answer. */
  takesFiles: boolean;
  /** The same in each copy of the event. */
  event: string;
  signal: AbortSignal;
};

export type PanelOutcome = { show: ChatReply } | PanelForm;

/** `panel` takes what is sent with it, `back` is where it came from; `typed` stands in its fields already. */
export type PanelForm = { form: ChatForm; panel: string; back: string; typed?: FormValues };

export type Rooms = { settings: Settings; azure: Azure };

/** What makes a panel: of the words behind its name. */
export type MakePanel = (words: string[], visit: Visit, rooms: Rooms) => Promise<PanelOutcome>;

/** Longer ones have no place in a component of Discord's. */
export const PANEL = /^[a-z][A-Za-z0-9_.-]{0,89}$/;

/** As many choices as a menu takes everywhere. */
export const MOST_CHOICES = 25;
