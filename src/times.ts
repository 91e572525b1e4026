/**
 * All of the core's times, one value a room: how long is held, waited, rested and kept. A name that ends in `Limit` is how long
 * somebody else may take; mostly it is not reached. What the values owe each other, and what the platforms leave us, is
 * written down in `test/times.test.ts`. Handed along as `settings.times`, and as `azure.times` where storage is all that is known.
 */
export const TIMES = {
  /** The end of the process. What stops one waits 30 s at most before it kills, and often less. */
  process: {
    /** From the signal to the end, whatever hangs. */
    lastResortMilliseconds: 14_000,
    httpStopLimitMilliseconds: 1500,
  },

  storage: {
    /** The SDKs' own repeats. Their own pauses would add up to 16 s, which no chat turn can wait for. */
    sdkPauseMilliseconds: 300,
    longestSdkPauseMilliseconds: 2000,
    /** Between the tries of what a person waits for. */
    fewPausesMilliseconds: [300, 1000],
    /** Between the tries of what cannot be given up; each is twice as long as the one before. */
    pauseMilliseconds: 500,
    longestPauseMilliseconds: 15_000,
    /** Whoever waits for storage for so long is told. */
    heardMilliseconds: 15_000,
    /** One operation. Longer than a picture's upload takes, and than a turn at the image service is waited for in place. */
    operationLimitMilliseconds: 90_000,
    smallBlobLimitMilliseconds: 45_000,
    pictureLimitMilliseconds: 120_000,
    /** A picture that was just stored is not read back for the message that shows it. */
    inHandMilliseconds: 20_000,
    /** Clicks within this are one: people press again when nothing seems to happen. Later ones are meant. */
    oneClickSeconds: 5,
    /** By then a press has become a job, or never will. */
    takenSeconds: 2,
    /** What the process needs is looked for again; each pause is twice as long as the one before. */
    reachPauseMilliseconds: 1000,
    longestReachPauseMilliseconds: 30_000,
    reachLimitMilliseconds: 10_000,
    /** The same fault is said again after so long, then more and more rarely. */
    quietMilliseconds: 5000,
    longestQuietMilliseconds: 600_000,
  },

  images: {
    /** A token that is not there within this time never comes: the metadata address can stay silent for minutes. */
    tokenLimitMilliseconds: 15_000,
    /** Azure's silence before a stream is taken for dead; partial pictures of a slow drawing come more often. */
    stallLimitMilliseconds: 130_000,
    /** A small picture of low or medium quality; and any other. */
    quickCallLimitMilliseconds: 180_000,
    callLimitMilliseconds: 600_000,
    /** A picture that came as an address: one try, and the pause before the next, once more as long each time. */
    fetchLimitMilliseconds: 30_000,
    fetchPauseMilliseconds: 1000,
    /** A wait up to that is waited for by the worker itself. */
    longestWaitInPlaceSeconds: 30,
    /** Longer than this nobody is left waiting for a turn: the answer is an apology. */
    longestWaitSeconds: 900,
    /** How long a door stays closed, doubled each time. Whatever an answer asks for, nothing is closed for longer than the longest. */
    deploymentClosedMinutes: 5,
    resourceClosedMinutes: 15,
    longestClosedMinutes: 60,
    /** Somebody's call looks whether a door is open. Longer than the longest call and the wait before it. */
    probeMinutes: 11,
    /** Others look again so often whether a probe has opened the door. */
    probedAgainSeconds: 20,
    /** The clocks of replicas differ by that at most; what lies further ahead than any of us could have set it counts for nothing. */
    clockSeconds: 120,
  },
};

export type Times = typeof TIMES;
