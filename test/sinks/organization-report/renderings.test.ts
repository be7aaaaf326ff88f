import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { renderCoverageCsv, renderFindingsCsv } from '../../../shared/sinks/organization-report/findings-csv.ts'
import { renderOverviewHtml } from '../../../shared/sinks/organization-report/html.ts'
import { renderOverviewMarkdown } from '../../../shared/sinks/organization-report/markdown.ts'
import type { Overview } from '../../../shared/sinks/organization-report/overview.ts'
import { csvLine } from '../../../shared/sinks/report/csv.ts'
import { html } from '../../../shared/sinks/report/html-text.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...[
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "'onmouseover='x",
      '`x`',
      '&lt;',
      '</td></table>',
    ],
    ...[
      '=HYPERLINK("http://x")',
      '+1',
      '-1',
      '@SUM(1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1',
      ' =1',
      '[a](http://x)',
      '@everyone',
    ],
    ...['| a |', '![x](http://x/y.png)', '<!-- -->', '\u202eevil', '\u001b[31m', '# heading', '```'],
  ),
)

function finding(text: string): Finding {
  return {
    ...{ id: text, rule: text, severity: 'HIGH', compliance: 'NON_COMPLIANT', title: text, reason: text },
    resource: { type: text, id: text, arn: text, accountId: '111122223333', region: 'us-east-1' },
    ...{ evidence: [], assumptions: [text], remediation: { text } },
  }
}

function overview(text: string): Overview {
  const counts = { noncompliant: 1, undetermined: 2, excepted: 3, compliant: 4, notApplicable: 5 }
  const place = { accountId: '111122223333', accountName: text, region: 'us-east-1', note: text }
  return {
    ...{ run: text, startedAt: text, endedAt: text, expected: { accounts: 1, regions: 2, places: 2 }, covered: 1 },
    summary: {
      ...{ resources: 9, excepted: 3, bySeverity: { CRITICAL: 0, HIGH: 1, MEDIUM: 0, LOW: 0 } },
      byCompliance: { COMPLIANT: 4, NON_COMPLIANT: 1, NOT_APPLICABLE: 5, UNDETERMINED: 2 },
    },
    rules: [{ rule: text, ...counts }],
    accounts: [{ accountId: '111122223333', accountName: text, regions: 2, notCovered: 1, ...counts }],
    ...{ worst: [finding(text)], open: 6, notCovered: [place], exceptions: [] },
    heartbeats: { seen: 0, unknown: 1, missing: [place] },
  }
}

async function* listOf<T>(...all: readonly T[]): AsyncGenerator<T> {
  yield* all
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}

/** The cells of CSV, read back. */
function cellsIn(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"|([^,"\r\n]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  )
}

describe('a line of CSV', () => {
  it('quotes texts, and keeps numbers as they are', () => {
    expect(csvLine(['a', 'say "hi", you', '', -1])).toBe('"a","say ""hi"", you","",-1\r\n')
  })

  it.each(['=1', '+1', '-1', '@a', '\t1', '\r1', '\n1', '＝1', '＋1', '－1', '＠1', '  =1'])(
    'has no cell that a spreadsheet would compute: %j',
    (text) => {
      expect(cellsIn(csvLine([text]))[0]?.startsWith("'")).toBe(true)
    },
  )

  it('is one line with as many cells as it was given, whatever these hold', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1 }), (texts) => {
        const line = csvLine(texts)
        expect(line.slice(0, -2)).not.toMatch(/[\r\n]/)
        expect(cellsIn(line)).toHaveLength(texts.length)
        for (const cell of cellsIn(line)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠\t\r\n]/u)
      }),
    )
  })
})

describe('the tables', () => {
  it('have a line for each finding, with the name of its account and what became of it', async () => {
    const exception = { reason: 'demo', owner: 'team', expires: '2026-12-01' }
    const text = await textOf(
      renderFindingsCsv(listOf(finding('a'), { ...finding('b'), exception }), (accountId) => `name of ${accountId}`),
    )
    const lines = text.split('\r\n')
    expect(lines).toHaveLength(4)
    expect(cellsIn(lines[1]!)).toEqual([
      ...['111122223333', 'name of 111122223333', 'us-east-1', 'a', 'a', 'a', 'a', 'HIGH', 'NON_COMPLIANT'],
      ...['a', 'a', 'a', '', '', 'a'],
    ])
    expect(cellsIn(lines[2]!).slice(8)).toEqual(['EXCEPTED', 'b', 'b', 'b', '2026-12-01', 'team', 'b'])
  })

  it('have a line for each row of the coverage that is unknown', async () => {
    const row = { accountId: '111122223333', region: '*', resourceType: '*' }
    const rows = listOf({ ...row, status: 'known' as const }, { ...row, status: 'unknown' as const, reason: 'why' })
    expect((await textOf(renderCoverageCsv(rows))).split('\r\n')).toEqual([
      ...['"account","region","resource type","resource","reason"', '"111122223333","*","*","","why"', ''],
    ])
  })
})

describe('the page', () => {
  const tags = (page: string) => [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag)

  it('runs nothing and loads nothing, whatever accounts are called and findings say', () => {
    const expected = tags(renderOverviewHtml(overview('plain')))
    expect(expected).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    )
    expect(expected.filter((tag) => /^<(script|img|a|link|iframe)/.test(tag))).toEqual([])
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tags(renderOverviewHtml(overview(text)))).toEqual(expected)
      }),
    )
  })

  it('shows counts, the worst findings, and what is not covered', () => {
    const page = renderOverviewHtml(overview('plain'))
    expect(page).toContain('1 of 2 places (1 accounts, 2 regions) were judged.')
    expect(page).toContain('<p>1 of 6 that need attention; all of them are in report.json and findings.csv.</p>')
    expect(page).toContain('<td>HIGH</td><td>111122223333</td><td>us-east-1</td><td>plain</td>')
  })

  it('fits a telephone, and its tables can be read aloud', () => {
    const page = renderOverviewHtml(overview('plain'))
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(page).toContain('overflow-wrap:anywhere')
    const heads = [...page.matchAll(/<th\b([^>]*)>([^<]*)/g)]
    expect(heads.length).toBeGreaterThan(10)
    expect(heads.filter(([, attributes, name]) => attributes !== ' scope="col"' || name === '')).toEqual([])
  })

  it('escapes every mark that means something', () => {
    expect(html`<p>${'<&>"\'`'}</p>`.html).toBe('<p>&lt;&amp;&gt;&quot;&#39;&#96;</p>')
  })
})

describe('the summary in Markdown', () => {
  it('names the worst in tables', () => {
    const text = renderOverviewMarkdown(overview('plain'))
    expect(text).toContain(
      '**1 of 2** places judged (1 accounts, 2 regions). Heartbeats: 0 seen, 1 missing, 1 unknown.',
    )
    expect(text).toContain('| HIGH | 111122223333 | us\\-east\\-1 | plain | plain |')
    expect(text).toContain('## Not covered')
  })

  it('has no link, image, mention, markup or row that an account made', () => {
    const lines = renderOverviewMarkdown(overview('plain')).split('\n').length
    fc.assert(
      fc.property(hostile, (text) => {
        const rendered = renderOverviewMarkdown(overview(text))
        expect(rendered.split('\n')).toHaveLength(lines)
        expect(rendered).not.toMatch(/(?<!\\)[[\]<>`!]/)
        expect(rendered).not.toMatch(/:\/\/|@[^\u200b]/)
      }),
    )
  })
})
