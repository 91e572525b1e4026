import { z } from "zod";

const whole = (least: number, most: number, usual: number) => z.int().min(least).max(most).default(usual);

/** Of one person, within a day of 24 hours. */
const PersonBrake = z
  .strictObject({
    /** After so many requests that the filter has stopped, one is drawn in `slowSeconds`. */
    slowAfter: whole(1, 500, 5),
    slowSeconds: whole(1, 3600, 60),
    /** After so many, and after each one more, none is taken for so long. */
    pauseAfter: whole(1, 500, 10),
    pauseMinutes: whole(1, 24 * 60, 60),
  })
  .check((context) => {
    const { slowAfter, pauseAfter } = context.value;
    if (pauseAfter < slowAfter)
      context.issues.push({
        code: "custom",
        path: ["pauseAfter"],
        message: `has to be ${slowAfter} or more: slowAfter comes first`,
        input: context.value,
      });
  });

/** Of all people together: providers close a whole resource for what many do. */
const BotBrake = z.strictObject({
  /** After so many within so many minutes … */
  slowAfter: whole(2, 900, 20),
  minutes: whole(1, 24 * 60, 10),
  /** … calls go at so many percent of IMAGE_REQUESTS_PER_MINUTE, one a minute at least, until there are half as many. */
  pacePercent: whole(1, 100, 25),
});

/** What happens where the provider's filter stops people again and again. On unless it is `false`. */
export const BrakeSettings = z.strictObject({
  person: z.union([PersonBrake, z.literal(false)]).default(() => PersonBrake.parse({})),
  bot: z.union([BotBrake, z.literal(false)]).default(() => BotBrake.parse({})),
});
export type BrakeSettings = z.infer<typeof BrakeSettings>;
export type PersonBrake = z.infer<typeof PersonBrake>;
export type BotBrake = z.infer<typeof BotBrake>;

export const BRAKE_NAMES = [
  "person",
  "bot",
  "slowAfter",
  "slowSeconds",
  "pauseAfter",
  "pauseMinutes",
  "minutes",
  "pacePercent",
];

const USUAL = BrakeSettings.parse({});

/** As the file says it by now, or as usual. */
export function brakeIn({ configuration }: { configuration: { present: { brake?: BrakeSettings } } }): BrakeSettings {
  return configuration.present.brake ?? USUAL;
}
