import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { listEntries } from "#lib/audit.ts";
import { placeName } from "#lib/conversation-rows.ts";
import type { Figures, listAccounts } from "#lib/overview.ts";

type Query = Record<string, string>;

const number = new Intl.NumberFormat("en");
const megabytes = new Intl.NumberFormat("en", { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

export function FigureList({ figures }: { figures: Figures }) {
  const shown = [
    ["Accounts", number.format(figures.accounts)],
    ["Guests", number.format(figures.guests)],
    ["Conversations", number.format(figures.conversations)],
    ["Answers in 24 hours", number.format(figures.runsToday)],
    ["Failed in 24 hours", number.format(figures.failedToday)],
    ["Database", megabytes.format(figures.databaseBytes / 1e6)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-3">
      {shown.map(([label, value]) => (
        <div key={label} className="bg-raise px-4 py-3">
          <dt className="text-small text-ink-3">{label}</dt>
          <dd className="mt-0.5 text-[1.125rem] font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type Accounts = Awaited<ReturnType<typeof listAccounts>>;

export function AccountTable({ accounts, next, query }: Accounts & { query: Query }) {
  return (
    <Table
      title="Accounts"
      head={["Name", "Email", "Role", "Since", "Conversations"]}
      more={<Pages name="accounts" query={query} next={next && placeName(next)} older="Earlier accounts" />}
    >
      {accounts.map((account) => (
        <tr key={account.id}>
          <Cell strong>{account.name ?? "No name"}</Cell>
          <Cell>{account.email ?? "None"}</Cell>
          <Cell>{account.role}</Cell>
          <Cell>
            <Moment at={account.createdAt} className="whitespace-nowrap tabular-nums" />
          </Cell>
          <Cell figure>{number.format(account.conversations)}</Cell>
        </tr>
      ))}
    </Table>
  );
}

type Entries = Awaited<ReturnType<typeof listEntries>>;

export function AuditTable({ entries, next, query }: Entries & { query: Query }) {
  return (
    <Table
      title="What was done"
      head={["When", "Who", "What", "On what"]}
      more={<Pages name="entries" query={query} next={next} older="Earlier entries" />}
    >
      {entries.map((entry) => (
        <tr key={entry.id}>
          <Cell>
            <Moment at={entry.createdAt} className="whitespace-nowrap tabular-nums" />
          </Cell>
          <Cell>{whoDid(entry)}</Cell>
          <Cell strong>
            <code className="font-mono text-small">{entry.action}</code>
          </Cell>
          <Cell>{entry.target && <code className="font-mono text-small">{entry.target}</code>}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function whoDid({ userId, role, name, email }: Entries["entries"][number]): string {
  if (userId === null) return "No account";
  if (role === null) return "A removed account";
  return role === "guest" ? "A guest" : (name ?? email ?? "No name");
}

function Table(props: { title: string; head: string[]; more: ReactNode; children: ReactNode }) {
  return (
    <div className="mt-10">
      <h2 className="mb-3 text-[1rem] font-semibold">{props.title}</h2>
      <section
        aria-label={props.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable with the keyboard.
        tabIndex={0}
        className="overflow-x-auto rounded-card border border-line"
      >
        <table className="w-full text-ui">
          <thead className="bg-panel text-note text-ink-2">
            <tr>
              {props.head.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className="border-b border-line px-3 py-2 text-left font-semibold last:[&:nth-child(5)]:text-right"
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line bg-raise">{props.children}</tbody>
        </table>
      </section>
      {props.more}
    </div>
  );
}

function Cell(props: { strong?: boolean; figure?: boolean; children: ReactNode }) {
  const weight = props.strong ? "font-medium text-ink" : "text-ink-2";
  return (
    <td className={`max-w-64 truncate px-3 py-2 ${weight} ${props.figure ? "text-right tabular-nums" : ""}`}>
      {props.children}
    </td>
  );
}

function Pages(props: { name: string; query: Query; next?: string; older: string }) {
  const { name, query, next, older } = props;
  const address = (value?: string) => {
    const { [name]: _, ...rest } = query;
    const text = new URLSearchParams(value ? { ...rest, [name]: value } : rest).toString();
    return text ? `/admin?${text}` : "/admin";
  };
  if (!query[name] && !next) return null;
  return (
    <div className="mt-3 flex gap-2">
      {query[name] && (
        <Link href={address()} scroll={false} className={buttonClasses()}>
          Newest
        </Link>
      )}
      {next && (
        <Link href={address(next)} scroll={false} className={buttonClasses()}>
          {older}
        </Link>
      )}
    </div>
  );
}
