import { z } from "zod";

/** Who asked, and where. `workspace` is a Discord guild or a Teams tenant; a direct message has none. */
export const Asker = z.object({
  platform: z.string(),
  workspace: z.string().optional(),
  channel: z.string(),
  user: z.string(),
  name: z.string(),
  locale: z.string().optional(),
});
export type Asker = z.infer<typeof Asker>;

/** Where the answer goes. Plain JSON, written and read by one platform alone. */
export const Address = z.object({ platform: z.string() }).catchall(z.json());
export type Address = z.infer<typeof Address>;

export const OPTION_NAMES = ["model", "size", "quality", "style", "background", "count"] as const;
export type OptionName = (typeof OPTION_NAMES)[number];

/**
 * What somebody asked for, in their own words: nothing in it is checked yet. `id` is made from the platform's own id of
 * the event, so that the same event twice is the same job. It is a blob's name: `a-z 0-9 -` only, 100 characters at most.
 */
export const ImageRequest = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,100}$/),
  prompt: z.string(),
  options: z.partialRecord(z.enum(OPTION_NAMES), z.string()),
  /** Options that no model has, as they were typed. */
  unknownOptions: z.array(z.string()),
  /** The answer is for the asker alone. */
  private: z.boolean(),
  askedBy: Asker,
  address: Address,
});
export type ImageRequest = z.infer<typeof ImageRequest>;
