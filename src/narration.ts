/**
 * What has become of a request or of a brainstorm, for whoever sits before the terminal of local mode. It holds people's words, which the log
 * never does: elsewhere there is nobody who hears it.
 */
export type Happening = {
  what:
    | "drawn"
    | "refused"
    | "failed"
    | "cancelled"
    | "deleted"
    | "declined"
    | "taken up"
    | "left"
    | "reported"
    /** A round of a brainstorm, whose topic the words are: its drafts are there, and people vote; or it is over. */
    | "voting"
    | "decided"
    /** The brainstorm itself is over. */
    | "ended";
  words: string;
  /** Since it was asked for. */
  seconds?: number;
  /** How many pictures came, of those that were asked for. */
  pictures?: { came: number; asked: number };
  reference?: string;
  /** What is wrong with it, in a reporter's words. */
  why?: string;
};

export type Narrate = (happening: Happening) => void;
