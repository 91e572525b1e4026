// @ts-check

/** What the page says by itself. What the server says comes with its answers. */
export const words = {
  bringing: "Bringing the picture…",
  tryAgain: "Try again",
  notReached: "Easel cannot be reached just now. Check your connection, and try again.",
  notUnderstood: "Something went wrong on the way. Please try again in a minute.",
  pictureNotShown: "The picture came, but your browser cannot show it.",

  nothingPainted: "Nothing is painted, so the whole picture may change.",
  share: (/** @type {number} */ share) => {
    const percent = Math.round(share * 100);
    if (percent >= 100) return "All of the picture is painted, so all of it may change.";
    return `${percent < 1 ? "Less than 1" : `About ${percent}`} % of the picture may change.`;
  },
  painted: "Painted.",
  erased: "Erased.",
  undone: "Taken back.",
  cleared: "Cleared.",
  restored: "What you painted and wrote here before is back.",
  painting: "The brush paints.",
  erasing: "The brush erases.",
  brushSize: (/** @type {number} */ percent) => `${percent} % of the picture`,
  brushAt: (/** @type {number} */ across, /** @type {number} */ down) =>
    `${Math.round(across * 100)} % across, ${Math.round(down * 100)} % down.`,

  missing: "Please say what should change.",
  tooLong: (/** @type {number} */ length, /** @type {number} */ most) =>
    `${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters: leave out ${(length - most).toLocaleString("en")} or more.`,
  left: (/** @type {number} */ length, /** @type {number} */ most) =>
    `${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters.`,
  send: "Send",
  sending: "Sending…",
  notSent:
    "Easel cannot be reached just now, so nothing was sent. What you painted and wrote is still here: please send again in a moment.",
  soonOver:
    "This page works for two more minutes. After that press Edit in the chat once more: what you painted and wrote comes back.",
};
