// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent

/** A page of those findings that the filters of a request let through, in their order. */
export function findingsPage(all: readonly any[], { Filters, MaxResults = 10, NextToken }: any) {
  const found = all.filter((finding) => fits(finding, Filters))
  const start = Number(NextToken ?? 0)
  const end = start + MaxResults
  return { Findings: found.slice(start, end), ...(end < found.length ? { NextToken: String(end) } : {}) }
}

/** Filters of one field are alternatives. */
function fits(finding: any, { Id, ResourceId, ProductFields, ComplianceStatus, ...texts }: any = {}): boolean {
  const isOneOf = (filters: any[] | undefined, value: unknown) =>
    filters === undefined ||
    filters.some(({ Value, Comparison }) =>
      Comparison === 'PREFIX' ? String(value).startsWith(Value) : Value === value,
    )
  const isMarked = ({ Key, Value }: any) => new Map(Object.entries(finding.ProductFields ?? {})).get(Key) === Value
  return (
    isOneOf(Id, finding.Id) &&
    isOneOf(ComplianceStatus, finding.Compliance?.Status) &&
    finding.Resources.some((resource: any) => isOneOf(ResourceId, resource.Id)) &&
    (ProductFields === undefined || ProductFields.some(isMarked)) &&
    Object.entries(texts).every(([name, filters]) => isOneOf(filters as any[], finding[name]))
  )
}
