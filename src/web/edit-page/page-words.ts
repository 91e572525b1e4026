/** What the server says on the edit page and in place of it. What the page says by itself is in `browser/words.js`. */
export const pageWords = {
  unknown: {
    title: "There is nothing to edit here",
    said: "This link leads to no picture, or a part of it is missing. Press Edit under the picture once more.",
  },
  expired: {
    title: "This link has had its time",
    said: "It works for a quarter of an hour. Press Edit under the picture once more, and go on with a new link.",
  },
  ofOther: {
    title: "This link is open in another browser",
    said: "It works for one person, in the browser that opened it first. Press Edit under the picture yourself, and you get a link of your own.",
  },
  unreachable: {
    title: "One moment, please",
    said: "I cannot reach my storage just now. Please try again in a minute.",
  },
  notFromHere: "This did not come from the page itself, so nothing was sent. Open the link from the chat once more.",
  tooLarge: "What came is larger than this page ever sends, so it was not read. Load this page anew, and send again.",
  tooSlow: "What you sent came too slowly, so nothing was sent on. All of it is still here: please send again.",
  oneMoment: "I am still busy with what was sent before. Please send again in a moment.",
  notReadable: "What came could not be read. Load this page anew, and send again.",
  gonePicture: "I no longer have that picture. It may have been deleted.",
  deletedMeanwhile: "That picture was deleted meanwhile, so it cannot be changed any more, and nothing was sent.",
  notSent:
    "I cannot reach my storage just now, so nothing was sent. All of it is still here: please send again in a minute.",
  onItsWay:
    "Your picture is on its way, and will stand in the chat. You can close this page, or change something and send again.",
};
