import { describe, expect, test } from "vitest";
import { isServiceAddress } from "../../adapters/teams/door/service-address.ts";
import { readTeamsSettings } from "../../adapters/teams/settings.ts";
import { TEAMS_TIMES } from "../../adapters/teams/times.ts";

const tenant = "3D2B7D5E-0000-4000-8000-000000000001";
const other = "3d2b7d5e-0000-4000-8000-00000000000f";
const whole = {
  MicrosoftAppId: "3d2b7d5e-0000-4000-8000-000000000002",
  MicrosoftAppPassword: "secret",
  MicrosoftAppType: "SingleTenant",
  MicrosoftAppTenantId: tenant,
  PUBLIC_URL: "https://easel.example",
};
function read(changes: Record<string, string>) {
  const faults: string[] = [];
  return { teams: readTeamsSettings({ ...whole, ...changes }, faults), faults };
}
/** The names that the faults begin with. */
const named = (faults: string[]) => faults.map((fault) => fault.split(" ")[0]);

test("Teams is off when nothing of it is set", () => {
  const faults: string[] = [];
  expect(readTeamsSettings({ PUBLIC_URL: "https://easel.example", MicrosoftAppId: " " }, faults)).toBeUndefined();
  expect(faults).toEqual([]);
});

test("a single tenant's own tenant may use the bot, or those that are named", () => {
  expect(read({})).toEqual({
    faults: [],
    teams: {
      mode: "registered",
      appId: whole.MicrosoftAppId,
      appType: "SingleTenant",
      password: "secret",
      tenantId: tenant.toLowerCase(),
      allowedTenants: [tenant.toLowerCase()],
      moderators: [],
      times: TEAMS_TIMES,
    },
  });
  expect(read({ TEAMS_ALLOWED_TENANTS: `${tenant}, ${other},` }).teams).toMatchObject({
    allowedTenants: [tenant.toLowerCase(), other],
  });
});

test("moderators are named by their ids", () => {
  expect(read({ TEAMS_MODERATORS: ` ${tenant},${other}, ` })).toMatchObject({
    faults: [],
    teams: { moderators: [tenant.toLowerCase(), other] },
  });
});

describe("half-made settings: every missing name at once, with where to get it", () => {
  test.each([
    [
      { MicrosoftAppPassword: "", MicrosoftAppTenantId: "", PUBLIC_URL: "" },
      ["MicrosoftAppTenantId", "MicrosoftAppPassword", "PUBLIC_URL"],
    ],
    [{ MicrosoftAppId: "" }, ["MicrosoftAppId"]],
    [{ MicrosoftAppType: "" }, ["MicrosoftAppType"]],
    [{ MicrosoftAppType: "SingelTenant" }, ["MicrosoftAppType"]],
    [{ MicrosoftAppType: "UserAssignedMSI" }, ["MicrosoftAppPassword"]],
    [
      { MicrosoftAppType: "UserAssignedMSI", MicrosoftAppPassword: "", MicrosoftAppTenantId: "" },
      ["MicrosoftAppTenantId"],
    ],
    [{ MicrosoftAppType: "MultiTenant", MicrosoftAppTenantId: "" }, ["TEAMS_ALLOWED_TENANTS"]],
    [{ MicrosoftAppTenantId: "contoso.example" }, ["MicrosoftAppTenantId"]],
    [{ TEAMS_ALLOWED_TENANTS: "*" }, ["TEAMS_ALLOWED_TENANTS"]],
    [{ TEAMS_MODERATORS: `${other}, ada@contoso.example` }, ["TEAMS_MODERATORS"]],
    [{ PUBLIC_URL: "http://localhost:3978" }, ["PUBLIC_URL"]],
  ] as [Record<string, string>, string[]][])("%j", (changes, names) =>
    expect(named(read(changes).faults)).toEqual(names),
  );

  test("a list of tenants alone is half-made too", () => {
    const faults: string[] = [];
    readTeamsSettings({ TEAMS_ALLOWED_TENANTS: other }, faults);
    expect(named(faults)).toEqual([
      "MicrosoftAppType",
      "MicrosoftAppId",
      "MicrosoftAppTenantId",
      "MicrosoftAppPassword",
      "PUBLIC_URL",
    ]);
    expect(faults.every((fault) => fault.length > 60)).toBe(true);
  });
});

test.each([
  [{ MicrosoftAppType: "UserAssignedMSI", MicrosoftAppPassword: "" }, "UserAssignedMSI"],
  [{ MicrosoftAppType: "userassignedmsi", MicrosoftAppPassword: "" }, "UserAssignedMSI"],
  [{ MicrosoftAppType: "MultiTenant", MicrosoftAppTenantId: "", TEAMS_ALLOWED_TENANTS: other }, "MultiTenant"],
])("whole: %j", (changes, appType) => expect(read(changes)).toMatchObject({ faults: [], teams: { appType } }));

describe("our token goes to Teams alone", () => {
  const good = [
    "https://smba.trafficmanager.net/teams/",
    "https://smba.trafficmanager.net/emea/",
    "https://smba.infra.gcc.teams.microsoft.com/x",
  ];
  const bad = [
    "http://smba.trafficmanager.net/teams/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://evil.example/smba.trafficmanager.net/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://smba.trafficmanager.net:8443/",
    "https://evil.trafficmanager.net/",
    "https://smba.trafficmanager.net/?x=",
    "https://smba.trafficmanager.net/#x",
    "https://127.0.0.1/",
    "http://localhost:56150/_connector",
    "file:///etc/passwd",
    "",
    "smba.trafficmanager.net",
  ];
  test.each(good)("%s", (address) => expect(isServiceAddress(address, { mode: "registered" })).toBe(true));
  test.each(bad)("not to %s", (address) => expect(isServiceAddress(address, { mode: "registered" })).toBe(false));
  test("and in local mode nothing leaves this machine", () => {
    for (const address of ["http://localhost:56150/_connector", "http://127.0.0.1:1/"])
      expect(isServiceAddress(address, { mode: "local" })).toBe(true);
    for (const address of [...good, "http://10.0.0.1/", "http://localhost.evil.example/"])
      expect(isServiceAddress(address, { mode: "local" })).toBe(false);
  });
});
