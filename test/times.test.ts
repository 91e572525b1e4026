import { describe, expect, it } from "vitest";
import { LONGEST_ASKED_WAIT_SECONDS } from "../src/images-api/asked-wait.ts";
import { QUOTA_WAIT_SECONDS } from "../src/images-api/meaning.ts";
import { TIMES } from "../src/times.ts";
import { tenth } from "./times.ts";

const { process, storage, images, jobs, work, ask, web } = TIMES;
const seconds = (count: number) => count * 1000;
const minutes = (count: number) => seconds(60 * count);
const days = (count: number) => minutes(24 * 60 * count);
const sum = (times: number[]) => times.reduce((total, time) => total + time, 0);

/** What others leave us. Rules of theirs: no change of ours makes them longer. */
const STOPPED = {
  /** Container Apps and Kubernetes wait 30 s before they kill; hosts that wait less mostly wait 15. */ grace:
    seconds(15),
};
const DISCORD = { token: minutes(15) };
const AZURE = {
  /** A queue message is hidden for seven days at most. */
  longestHidden: days(7),
  /** A call that says nothing for so long is cut by the service in front of the model. */
  silence: seconds(120),
  /** Requests are counted in windows of so long. */
  window: seconds(10),
};

/** In milliseconds: the first is to be shorter than the second, so that what the sentence says is true. */
type Relations = [sentence: string, shorter: number, longer: number][];

describe.each<[string, Relations]>([
  [
    "the end of the process",
    [
      ["what waits for storage is left before the rest is", work.leaveMilliseconds, work.stopMilliseconds],
      [
        "work and pictures end before everything is cut off",
        work.stopMilliseconds + process.httpStopLimitMilliseconds,
        process.lastResortMilliseconds,
      ],
      ["everything is cut off before we are", process.lastResortMilliseconds, STOPPED.grace],
      ["jobs are handed back while the calls under way end", work.handBackLimitMilliseconds, work.stopMilliseconds],
    ],
  ],
  [
    "a hold",
    [
      ["may miss a renewal", 2 * jobs.renewalMilliseconds + jobs.renewalTryMilliseconds, seconds(jobs.holdSeconds)],
      ["is renewed before the next renewal begins", jobs.renewalTryMilliseconds, jobs.renewalMilliseconds],
      ["is looked at before the next renewal begins", jobs.lookTryMilliseconds, jobs.renewalMilliseconds],
      [
        "is renewed in time however long accepting took",
        ask.acceptLimitMilliseconds +
          ask.doubtLimitMilliseconds +
          jobs.renewalMilliseconds +
          jobs.renewalTryMilliseconds,
        seconds(jobs.holdSeconds),
      ],
      ["outlasts the wait for a waiting message", ask.startsByItselfMilliseconds, seconds(jobs.holdSeconds)],
      ["is taken back by its owner after an outage", storage.longestPauseMilliseconds, jobs.returnMilliseconds],
      [
        "is taken back by its owner after an outage, when it is renewed",
        jobs.renewalMilliseconds + jobs.renewalTryMilliseconds,
        jobs.returnMilliseconds,
      ],
      ["is looked at again while its owner may come back", seconds(jobs.lookAgainSeconds), jobs.returnMilliseconds],
    ],
  ],
  [
    "a ticket is hidden no longer than Azure hides one",
    [
      ["while it is held", seconds(jobs.holdSeconds), AZURE.longestHidden],
      ["while a platform wants to be left alone", seconds(work.longestAskedPauseSeconds), AZURE.longestHidden],
      ["while its turn is far off", seconds(images.longestWaitSeconds), AZURE.longestHidden],
      ["after work on it broke off", seconds(work.longestBreakPauseSeconds), AZURE.longestHidden],
    ],
  ],
  [
    "no job is taken for stranded",
    [
      ["that waits for a platform", seconds(work.longestAskedPauseSeconds), jobs.strandedMilliseconds],
      ["that waits for its turn", seconds(images.longestWaitSeconds), jobs.strandedMilliseconds],
      ["that waits for the image service", work.outOfReachMilliseconds, jobs.strandedMilliseconds],
      ["that is drawn", images.callLimitMilliseconds, jobs.strandedMilliseconds],
      ["before it is looked for", work.strandedLookMilliseconds, jobs.strandedMilliseconds],
    ],
  ],
  [
    "a chat turn",
    [
      [
        "outlasts the SDKs' own repeats",
        storage.sdkPauseMilliseconds + storage.longestSdkPauseMilliseconds,
        ask.acceptLimitMilliseconds,
      ],
      ["outlasts our repeats", sum(storage.fewPausesMilliseconds), ask.acceptLimitMilliseconds],
      [
        "is over before its job starts by itself",
        ask.acceptLimitMilliseconds + ask.doubtLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      [
        "of the edit page gives its waiting message up before the job starts by itself",
        web.waitingMessageLimitMilliseconds,
        ask.startsByItselfMilliseconds,
      ],
      ["has its turn by person while earlier ones are saved", ask.acceptLimitMilliseconds, jobs.givenMilliseconds],
    ],
  ],
  [
    "a press",
    [
      ["has become a job before the next one is meant", storage.takenSeconds, storage.oneClickSeconds],
      ["to cancel sees what the owner makes of the wish", work.wishesMilliseconds, ask.outcomeMilliseconds],
      ["to cancel looks more than once", ask.outcomeLookMilliseconds, ask.outcomeMilliseconds],
    ],
  ],
  [
    "one call to the image service",
    [
      [
        "and the wait before it are over before others look instead",
        images.callLimitMilliseconds + images.tokenLimitMilliseconds + seconds(images.longestWaitInPlaceSeconds),
        minutes(images.probeMinutes),
      ],
      ["of a small picture has less", images.quickCallLimitMilliseconds, images.callLimitMilliseconds],
      ["that Azure cuts for its silence is cut before we give it up", AZURE.silence, images.stallLimitMilliseconds],
      [
        "that is silent is given up before its time is over",
        images.stallLimitMilliseconds,
        images.quickCallLimitMilliseconds,
      ],
      [
        "has its turn while storage is still waited for",
        seconds(images.longestWaitInPlaceSeconds),
        storage.operationLimitMilliseconds,
      ],
    ],
  ],
  [
    "a turn at the image service",
    [
      [
        "is waited for in place before it is waited for in line",
        images.longestWaitInPlaceSeconds,
        images.longestWaitSeconds,
      ],
      ["after a rate limit waits a window of Azure's", AZURE.window - 1, seconds(work.windowSeconds)],
      ["after five rate limits is still waited for", work.windowSeconds * 2 ** 5, images.longestWaitSeconds],
      ["is no matter of quota as long as it is waited for", images.longestWaitSeconds - 1, QUOTA_WAIT_SECONDS],
      ["is no matter of pace where nobody waits for it", QUOTA_WAIT_SECONDS - 1, images.longestWaitSeconds],
      ["is asked for beyond what is waited for", images.longestWaitSeconds, LONGEST_ASKED_WAIT_SECONDS],
      [
        "behind a closed deployment comes sooner than behind a closed resource",
        images.deploymentClosedMinutes,
        images.resourceClosedMinutes,
      ],
      [
        "behind a closed resource comes sooner than the longest",
        images.resourceClosedMinutes,
        images.longestClosedMinutes,
      ],
      ["is looked for again while somebody looks", seconds(images.probedAgainSeconds), minutes(images.probeMinutes)],
      [
        "while the service is out of reach is tried more than once",
        seconds(work.longestReachPauseSeconds),
        work.outOfReachMilliseconds,
      ],
    ],
  ],
  [
    "storage",
    [
      [
        "is asked again for a small blob within one operation",
        storage.smallBlobLimitMilliseconds,
        storage.operationLimitMilliseconds,
      ],
      ["is waited for with growing pauses", storage.pauseMilliseconds, storage.longestPauseMilliseconds],
      ["is reached for with growing pauses", storage.reachPauseMilliseconds, storage.longestReachPauseMilliseconds],
      ["is said to be away more and more rarely", storage.quietMilliseconds, storage.longestQuietMilliseconds],
      ["is looked at for tickets with growing pauses", work.shortestPollMilliseconds, work.longestPollMilliseconds],
      [
        "is looked at for tickets more rarely in an outage",
        work.longestPollMilliseconds,
        work.longestPollInOutageMilliseconds,
      ],
      ["takes what is shared before the next look through it", work.shareLimitMilliseconds, work.sweepMilliseconds],
    ],
  ],
  [
    "a message",
    [
      ["is edited no more often than platforms bear", seconds(2), work.editPauseMilliseconds],
      [
        "tells the time that has passed after its first edit",
        work.editPauseMilliseconds,
        seconds(work.toldAfterSeconds[0] ?? 0),
      ],
      [
        "tells a position no sooner than positions are looked at",
        work.positionsMilliseconds,
        work.positionToldMilliseconds,
      ],
      ["is tried again before a refusal is meant", seconds(work.longestPauseSeconds), work.longestRefusalMilliseconds],
      ["that hung is tried again with growing pauses", work.hangingAgainSeconds, work.longestPauseSeconds],
      [
        "of a platform that is not set up here is tried again with growing pauses",
        work.notSetUpAgainSeconds,
        work.longestPauseSeconds,
      ],
      ["is refused for less than it is tried", work.longestRefusalMilliseconds, work.longestDeliveryMilliseconds],
      [
        "is tried again after the longest pause that a platform asks for",
        seconds(work.longestAskedPauseSeconds),
        work.longestDeliveryMilliseconds,
      ],
    ],
  ],
  [
    "what is kept",
    [
      ["for an edit lives as long as Discord's token", jobs.draftMilliseconds, DISCORD.token + 1],
      ["for an edit outlasts the edit", jobs.draftMilliseconds, days(work.draftDays)],
      ["to go on from outlasts the drafts that it may belong to", work.draftDays, work.broughtDays],
      ["of a press outlasts the press", seconds(storage.oneClickSeconds), days(work.pressDays)],
      ["of an answer in words outlasts the answer", seconds(storage.answeringSeconds), days(work.answerDays)],
      ["in the making outlasts the answer's last try", work.longestDeliveryMilliseconds, days(work.partialDays)],
      ["of old cancellations outlasts the answer's last try", work.longestDeliveryMilliseconds, days(work.cancelDays)],
      ["to draw from is looked at more than once", work.inputDays, work.longestInputDays],
    ],
  ],
  [
    "an http request",
    [
      ["has its head before its body", web.headersLimitMilliseconds, web.requestLimitMilliseconds],
      ["is over before its connection is idle", web.requestLimitMilliseconds, web.idleLimitMilliseconds],
      ["that is late is seen", web.checkMilliseconds, web.headersLimitMilliseconds],
      ["of the edit page is read before http gives it up", web.bodyLimitMilliseconds, web.requestLimitMilliseconds],
    ],
  ],
])("%s", (_, relations) => {
  it.each(relations)("%s", (_sentence, shorter, longer) => expect(shorter).toBeLessThan(longer));
});

it("tells the time that has passed more and more rarely", () => {
  const gaps = work.toldAfterSeconds.map((told, index) => told - (work.toldAfterSeconds[index - 1] ?? 0));
  expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0) || index === 0)).toBe(true);
});

it("a tenth is a tenth, but for holds, limits of others and days", () => {
  const short = tenth(TIMES);
  expect(short.jobs).toMatchObject({ holdSeconds: 30, lookAgainSeconds: 0.3, lookTryMilliseconds: 750 });
  expect(short.storage.fewPausesMilliseconds).toEqual([30, 100]);
  expect(short.ask).toMatchObject({ acceptLimitMilliseconds: 2000, doubtLimitMilliseconds: 1500 });
  expect(short.work).toMatchObject({ sendLimitMilliseconds: 12_000, draftDays: 1 });
});
