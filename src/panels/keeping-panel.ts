import { isAlerting } from "../alert-settings.ts";
import { keepDaysOf } from "../settings.ts";
import type { Settings } from "../settings.ts";
import type { Said } from "../words/said.ts";
import { easelPanels } from "../words/sentences.ts";
import { forAdmins } from "./rights.ts";
import { panelOf, toPanel } from "./usage.ts";

/** How long things are kept, who is told what, and in which language: set by the operator, and to be read by whoever rules a place. */
export const keepingPanel = forAdmins(async (_, { sight, rooms: { settings } }) => {
  const alerts = isAlerting(settings) ? easelPanels.alertsSome : easelPanels.alertsNone;
  const text = [keptSaid(settings), easelPanels.keepingInFile, alerts, easelPanels.languageNow];
  return { show: panelOf(easelPanels.keepingTitle, text, [toPanel(easelPanels.back, `easel.${sight.where}`)]) };
});

function keptSaid(settings: Settings): Said {
  const days = keepDaysOf(settings);
  return days === undefined ? easelPanels.keptForEver : easelPanels.keptDays({ days });
}
