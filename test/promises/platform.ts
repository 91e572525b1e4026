import type { World } from "../end-to-end/world.ts";

/** Those who read along. Each chat has people of its own, so that nobody meets another test's pictures or pace. */
export type Who = "asker" | "other" | "moderator";

/** A message as one person sees it now. */
export type Seen = {
  id: string;
  /** All that can be read in it. */
  text: string;
  /** What its buttons say. Those of one picture among several are found by that picture's number. */
  buttons: string[];
  /** What can be chosen in its menus. */
  choices: string[];
  /** How many pictures are to be seen. */
  pictures: number;
  /** Where its links lead, by what they say. */
  links: { label: string; url: string }[];
  /** Nobody else sees it. */
  isAlone: boolean;
  /** Whom it pings, and what in it is a link or a format, though it is somebody's words. */
  harm: string[];
};

/** The platform has been answered, so many milliseconds after it told the bot. */
export type Acknowledged = { milliseconds: number };

export type Form = { words: string; send(words: string): Promise<Acknowledged> };

type By = { who?: Who };

/** A place where three people talk. Whoever is not named is the asker. */
export type Chat = {
  names: Record<Who, string>;
  /** `copies`: the platform delivers the event so many times at once. `isAlone`: what comes of it is for the asker alone. */
  imagine(
    words: string,
    how?: By & { options?: Record<string, string | number>; isAlone?: boolean; copies?: number },
  ): Promise<Acknowledged>;
  /** What should change, and no picture sent along. */
  edit(words: string, by?: By): Promise<Acknowledged>;
  history(by?: By): Promise<Acknowledged>;
  wall(by?: By): Promise<Acknowledged>;
  /** What is kept of them. */
  privacy(by?: By): Promise<Acknowledged>;
  /**
   * Throws where this person could not press it; what is not in sight is looked for first, and who is asked whether a picture
   * is to go, says yes. `picture`: the one of several that is meant.
   */
  press(label: string, on: Seen, by?: By & { picture?: number }): Promise<Acknowledged>;
  /** The words that a button begins with, to be changed. Without a form there is what the presser was told. */
  open(label: string, on: Seen, by?: By): Promise<Form | undefined>;
  /** A picture with all that is not in sight of it until somebody asks for it. */
  details(on: Seen): Promise<Seen>;
  /** Fills in what Edit has brought. */
  change(panel: Seen, words: string, cells: string[]): Promise<Acknowledged>;
  /** Chooses in the menu. */
  pick(choice: string, on: Seen, by?: By): Promise<Acknowledged>;
  /** All that stands there for this person now, the oldest first. */
  seenBy(who: Who): Seen[];
  /** All that was said to this person alone, in messages and in answers to what they pressed. */
  toldTo(who: Who): string;
  /** All that stood there at any time and was for this person to read. */
  everReadBy(who: Who): string;
};

export type Platform = {
  name: "Discord" | "Teams";
  world: World;
  /** Milliseconds in which an event has to be answered. */
  patience: { command: number; press: number };
  openChat(): Chat;
  /** From now on the platform takes no picture. Returns what ends that. */
  refusePictures(): () => void;
  /** What a browser gets at an address of the bot's. */
  fetch(address: string): Promise<Response>;
  /** Lets the bot end as its host would end it, and starts it anew on the same storage. */
  restart(): Promise<void>;
  /** What the bot did that the platform forbids. */
  violations(): unknown[];
  stop(): Promise<void>;
};
