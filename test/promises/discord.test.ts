import { openDiscord } from "./discord.ts";
import { promises } from "./promises.ts";

promises(openDiscord);
