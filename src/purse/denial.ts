import type { ImageRequest } from "../request/request.ts";
import type { LIMITED, Period, ScopeKind } from "../rules.ts";

/** Who can change a rule: whoever runs the bot, or an admin of the place it was set for; or one can oneself. */
export type Raiser = "operator" | "admin" | "you";

export type Amount = { dollars?: number; pictures?: number };

/** What would be drawn instead, one press away. */
export type Fit = {
  options: ImageRequest["options"];
  /** A cheaper quality, fewer pictures, or what else a limit leaves. */
  by: "draft" | "fewer" | "allowed";
  count: number;
  dollars: number;
  isWorstCase: boolean;
};

/** Why something is not drawn, as a rule has it. The words are in `src/words/`. */
export type Denial =
  | {
      denied: "budget";
      scope: ScopeKind;
      per: Period;
      /** With what it is raised by at present. */
      budget: Amount;
      /** What somebody allows themselves. */
      isOwn: boolean;
      asked: Required<Amount>;
      left: Amount;
      /** An ISO time. */
      refillsAt: string;
      raiser: Raiser;
      fits: Fit[];
    }
  | { denied: "limit"; breaks: BrokenLimit[]; raiser: Raiser; fits: Fit[] }
  | { denied: "access"; by: AccessReason; raiser: Raiser }
  /** What is left cannot be seen, and money is limited. */
  | { denied: "ledger away" };

/** What of a limit a request does not keep, and what is allowed. */
export type BrokenLimit =
  | { limit: "mostAtOnce"; most: number; underWay: number; asked: number }
  | { limit: "mostPictures"; most: number; asked: number }
  | { limit: "mostDollars"; most: number; asked: number; isWorstCase: boolean }
  | { limit: "models" | "qualities" | "sizes"; allowed: readonly string[]; asked: string };
export type LimitName = (typeof LIMITED)[number];

/** The list that keeps somebody out: they are in it where it denies, and not in it where it allows. */
export type AccessReason = "workspaces" | "channels" | "roles" | "people" | "directMessages" | "userInstalls";
