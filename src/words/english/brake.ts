/** “14:30 UTC”, or “1 Dec, 14:30 UTC” on another day. */
const time = (at: string) => {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  const day = new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  return `${isToday ? "" : `${day}, `}${at.slice(11, 16)} UTC`;
};
const minutesUntil = (at: string) => Math.max(1, Math.round((Date.parse(at) - Date.now()) / 60_000));
const inMinutes = (at: string) => {
  const minutes = minutesUntil(at);
  if (minutes < 90) return minutes === 1 ? "in a minute" : `in ${minutes} minutes`;
  return `in about ${Math.round(minutes / 60)} hours`;
};

/** To somebody whom the filter has stopped again and again; kindly, and to them alone. */
export const brake = {
  slow: ({ until, seconds }: { until: string; seconds: number }) =>
    `The filter has stopped a few of your requests within a day. That happens, and nobody minds a try; but a service that has to say no too often closes its door to a whole bot. So, until ${time(until)}, I draw one of your requests ${seconds === 60 ? "a minute" : `every ${seconds} seconds`}.`,
  pauseBegins: ({ until }: { until: string }) =>
    `The filter has stopped many of your requests within a day. A service that has to say no too often closes its door to a whole bot, so I take a break with yours. I draw for you again ${inMinutes(until)}, at ${time(until)}.`,
  pausedTitle: "A short break",
  paused: ({ until }: { until: string }) =>
    `The filter has stopped many of your requests within a day, so I take a break with yours for now. I draw for you again ${inMinutes(until)}, at ${time(until)}. Your words are kept behind the button.`,
  /** Where there is no button to keep them. */
  pausedHere: ({ until }: { until: string }) =>
    `The filter has stopped many of your requests within a day, so I take a break with yours for now. You can do that again ${inMinutes(until)}, at ${time(until)}.`,
};
