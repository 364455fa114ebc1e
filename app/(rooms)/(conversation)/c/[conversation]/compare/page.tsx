import Link from "next/link";
import { Compare } from "#components/branches/compare.tsx";
import { CompareChoice } from "#components/branches/compare-choice.tsx";
import { PageFrame } from "#components/pages/frame.tsx";
import { ownConversation } from "#lib/access.ts";
import { compareBranches } from "#lib/compare.ts";
import { page } from "#lib/guard.ts";

export const generateMetadata = page(async (user, { params }) => {
  const { title } = await ownConversation(user, params.conversation ?? "");
  return { title: `Compare branches of ${title}` };
});

export default page(async (user, { params, query }) => {
  const conversation = await ownConversation(user, params.conversation ?? "");
  const comparison = await compareBranches(conversation, query.branch ?? "", query.with ?? "");
  const { shared, left, right, branches } = comparison;
  return (
    <PageFrame
      title="Compare branches"
      about={
        <>
          <Link href={`/c/${conversation.id}`} className="underline underline-offset-4 hover:text-ink">
            {conversation.title}
          </Link>
          {shared === 0
            ? ", from the beginning."
            : `, from where they part: after ${shared} ${shared === 1 ? "message" : "messages"} that both have.`}
        </>
      }
    >
      <CompareChoice branches={branches} left={left.id} right={right.id} />
      <Compare conversation={conversation.id} comparison={comparison} />
    </PageFrame>
  );
});
