import type { Metadata } from "next";
import { Section } from "#components/accounts/section.tsx";
import { PageFrame } from "#components/pages/frame.tsx";
import { ExportData } from "#components/transfer/export-data.tsx";
import { ImportData } from "#components/transfer/import-data.tsx";
import { env } from "#env.ts";
import { page } from "#lib/guard.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { listExports } from "#lib/transfer/exports.ts";
import { listImports } from "#lib/transfer/jobs.ts";

export const metadata: Metadata = { title: "Your data" };

export default page(async (user) => {
  const [namespaces, imports] = await Promise.all([listNamespaces(user), listImports(user)]);
  const named = namespaces.map(({ type, label, retentionDays }) => {
    return { type, label, days: retentionDays ?? env.RETENTION_DAYS ?? null };
  });
  return (
    <PageFrame title="Your data" about="Take everything with you, and bring in what you have elsewhere.">
      <Section title="Export" about="All your conversations as one ZIP. The download goes on while you work.">
        <ExportData namespaces={named} exports={listExports(user)} />
      </Section>
      <Section
        title="Import"
        about="From Switchboard, ChatGPT, Claude, LibreChat, Open WebUI or chatbot-ui: the file as you downloaded it, ZIP or JSON."
      >
        <ImportData namespaces={named} imports={imports} />
      </Section>
    </PageFrame>
  );
});
