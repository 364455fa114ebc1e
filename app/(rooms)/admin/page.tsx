import type { Metadata } from "next";
import { AccountTable, AuditTable, FigureList } from "#components/pages/admin.tsx";
import { PageFrame } from "#components/pages/frame.tsx";
import { asInstanceOwner } from "#lib/access.ts";
import { listEntries } from "#lib/audit.ts";
import { placeFrom } from "#lib/conversation-rows.ts";
import { page } from "#lib/guard.ts";
import { figures, listAccounts } from "#lib/overview.ts";

export const metadata: Metadata = { title: "Admin" };

export default page(async (user, { query }) => {
  const owner = asInstanceOwner(user);
  const [counted, people, audit] = await Promise.all([
    figures(owner, Date.now()),
    listAccounts(owner, { before: placeFrom(query.accounts) }),
    listEntries(owner, { before: query.entries }),
  ]);
  return (
    <PageFrame title="Admin" about="This instance: who uses it and what was done. What people write is not shown here.">
      <FigureList figures={counted} />
      <AccountTable {...people} query={query} />
      <AuditTable {...audit} query={query} />
    </PageFrame>
  );
});
