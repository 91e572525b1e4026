import type { WallOrder } from "../jobs/wall.ts";
import type { Asker, PictureAction } from "../request/request.ts";
import type { Said, Spoken, Text } from "../words/said.ts";
import type { MarkedWords } from "../words/word-difference.ts";

/**
 * An answer in terms that no platform owns, and in no language yet. Every text in it is plain text: an adapter renders it
 * literally, and nothing in it may ping, link or format, whoever wrote it.
 */
export type ChatReply = {
  /**
   * `progress`: another reply takes its place soon, so it is outdated before it could be sent again. `answer`: what came of a
   * request, at last. `word`: about no request, such as a help, a list or a sentence to whoever pressed a button.
   */
  role: "progress" | "answer" | "word";
  /** The adapters choose their colours by it, and nothing else. */
  mood: "waiting" | "finished" | "declined" | "sorry" | "help";
  title?: Said;
  paragraphs: Text[];
  /** What its pictures came from. */
  origin?: Text;
  /** Somebody's words at length. An adapter may shorten them, and then says so with an ellipsis. */
  quotes: { label: Said; words: string; marked?: MarkedWords[] }[];
  pictures: ReplyPicture[];
  facts: { name: Said; value: Text }[];
  /** Goes along where the platform takes files; `base64` is what is in it. */
  file?: { name: string; mediaType: string; base64: string };
  actions: ReplyAction[];
  /** Only the asker should see it, wherever the platform can do that. */
  forAskerOnly: boolean;
  /** A change of an answer that stands already: where it cannot be changed any more, nobody is brought a new one. */
  onlyInPlace?: boolean;
  askedBy?: Asker;
  /** Short, to be read out to the operator; the log carries it too. */
  reference?: string;
};

/** `name` and `preview` are blob names under `pictures/`, and the addresses are made of them. */
export type ReplyPicture = {
  name: string;
  mediaType: string;
  width: number;
  height: number;
  /** Size of the original in bytes. */
  bytes: number;
  /** JPEG, at most 1024×1024 pixels and 1 MB. */
  preview?: string;
  /** Durable addresses; absent on a bot without `PUBLIC_URL`. */
  url?: string;
  previewUrl?: string;
  altText: Text;
  /** What its buttons hold, see `textOfRef`; with `actions` and `words`. Absent in what no button goes on from: partial pictures, sheets, grids. */
  ref?: string;
  /** In the order in which they should stand. */
  actions?: PictureAction[];
  /** What it costs to finish it, for the button that does. */
  finishPrice?: Text;
  /** What `words` and `revised` begin with. */
  words?: { own: string; revised?: string };
};

export type ReplyAction =
  | { do: "open"; label: Said; url: string }
  /** Opens the asker's words for a change; sending them is a new request. `job` is the id that brings back words and options. */
  | { do: "revise"; label: Said; job: string; words: string }
  /** Asks a model for other words than a job's. */
  | { do: "suggest"; label: Said; job: string }
  /** Draws one of these. */
  | { do: "suggested"; label: Said; suggestion: string }
  /** Draws what would still fit of a request that a rule says no to. */
  | { do: "fit"; label: Said; fit: string }
  /** Begins a request with the words of this description; `asker` is whom it was described to, by their platform's id. */
  | { do: "described"; label: Said; description: string; words: string; asker: string }
  /** For the asker or a moderator. */
  | { do: "cancel"; label: Said; job: string }
  /** Shows one of several pictures with its own actions. At most 25 choices. */
  | { do: "pick"; label: Said; choices: { ref: string; name: Said }[] }
  /** Draws all pictures of a request once more. */
  | { do: "all"; label: Said; ref: string }
  /** Something that can be done with a picture which is not shown here. */
  | { do: "go on"; label: Said; action: PictureAction; ref: string }
  /** Shows a picture alone, in place of a question about it. */
  | { do: "back"; label: Said; ref: string }
  /** The second press of Delete. Whoever presses after `until`, an ISO time, is asked once more. */
  | { do: "sure"; label: Said; ref: string; until: string }
  /** Another page of the presser's own history, counted from 0. */
  | { do: "page"; label: Said; page: number }
  /** Another page of the wall of the presser's channel, counted from 0. */
  | { do: "wall"; label: Said; order: WallOrder; page: number }
  /** Of what is kept of the presser: `look`, `show`, `forget`, or the second press of that with its time. */
  | { do: "privacy"; label: Said; what: string }
  /** Takes a picture off that wall, whoever keeps it. */
  | { do: "off"; label: Said; ref: string }
  /** Another panel in place of the one that bears it, or a form for it; see `src/panels/panel.ts`. */
  | { do: "panel"; label: Said; panel: string; tone?: "main" | "danger" }
  /** One of several panels. At most 25 choices; `menu` is a word that tells it from another one beside it. */
  | { do: "panels"; menu: string; label: Said; choices: { panel: string; name: Text }[] }
  /** Takes cells of the grid, all or none, and words for the change, and sends them as an edit. */
  | { do: "change"; label: Said; draft: string; cells: readonly string[] };

/** The same in the language of whoever reads it. */
export type SpokenReply = Spoken<ChatReply>;
