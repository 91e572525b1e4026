import { promises } from "./promises.ts";
import { openTeams } from "./teams.ts";

promises(openTeams);
