// Reads {name: query} on standard input, answers [{name, code, message}] for each fault.
// Microsoft's parser and binder for KQL, against the tables that queries may name.
// Source of the columns: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { Kusto, System } = globalThis;
const { Symbols } = Kusto.Language;

const ALL = "TenantId:string, TimeGenerated:datetime, Type:string, _ResourceId:string";
const INSIGHTS = `${ALL}, AppRoleName:string, AppRoleInstance:string, AppVersion:string, OperationId:string,
  OperationName:string, ParentId:string, Properties:dynamic, ItemCount:int, SDKVersion:string, SessionId:string, UserId:string`;
const TABLES = {
  AppRequests: `${INSIGHTS}, Measurements:dynamic, Id:string, Name:string, Url:string, Success:bool,
    ResultCode:string, DurationMs:real, PerformanceBucket:string, Source:string`,
  AppDependencies: `${INSIGHTS}, Measurements:dynamic, Id:string, Name:string, Target:string, DependencyType:string,
    Data:string, Success:bool, ResultCode:string, DurationMs:real, PerformanceBucket:string`,
  AppTraces: `${INSIGHTS}, Message:string, SeverityLevel:int`,
  AppExceptions: `${INSIGHTS}, ProblemId:string, ExceptionType:string, OuterMessage:string, OuterType:string,
    InnermostMessage:string, InnermostType:string, SeverityLevel:int, Details:dynamic, Method:string`,
  AppMetrics: `${INSIGHTS}, Name:string, Sum:real, Min:real, Max:real`,
  ContainerAppConsoleLogs: `${ALL}, ContainerAppName:string, ContainerGroupName:string, ContainerId:string,
    ContainerImage:string, ContainerName:string, EnvironmentName:string, JobName:string, Location:string,
    Log:string, OperationName:string, RevisionName:string, Stream:string`,
  _LogOperation: `${ALL}, Category:string, Computer:string, Detail:string, Level:string, Operation:string, Solution:string`,
};

const symbols = new (System.Collections.Generic.List$1(Symbols.Symbol)).ctor();
for (const [name, columns] of Object.entries(TABLES)) {
  symbols.add(new Symbols.TableSymbol.$ctor7(name, `(${columns})`, null));
}
const database = new Symbols.DatabaseSymbol.$ctor3("workspace", null, symbols, false);
const globals = Kusto.Language.GlobalState.Default.WithDatabase(database);

const faults = [];
for (const [name, query] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const found = Kusto.Language.KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  const count = found.Count ?? found.length;
  for (let index = 0; index < count; index += 1) {
    const one = found.getItem ? found.getItem(index) : found[index];
    const near = query.slice(one.Start, one.Start + 30).split("\n")[0];
    faults.push({ name, code: one.Code, message: `${one.Message} Near: ${near}` });
  }
}
process.stdout.write(JSON.stringify(faults));
