import { ChatPage } from "#components/chat/chat-page.tsx";
import { ownConversation } from "#lib/access.ts";
import { publicAgents } from "#lib/agents/directory.ts";
import { kinshipOf } from "#lib/forks.ts";
import { page } from "#lib/guard.ts";
import { currentModel } from "#lib/models/current.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { openThread } from "#lib/open-thread.ts";

/** A conversation, and where one begins: `/c/ID` is led here, so that a new one gets its address in place. */

export const generateMetadata = page(async (user, { query }) => ({
  title:
    query.conversation === undefined ? "New conversation" : (await ownConversation(user, query.conversation)).title,
}));

export default page(async (user, { query }) => {
  const conversation = query.conversation === undefined ? null : await ownConversation(user, query.conversation);
  const [thread, kinship, namespaces, { label, demo }] = await Promise.all([
    conversation && openThread(conversation, { branch: query.branch }),
    conversation && kinshipOf(user, conversation),
    listNamespaces(user),
    currentModel(),
  ]);
  return (
    <ChatPage
      person={user.id}
      thread={thread}
      kinship={kinship}
      begin={{
        namespace: namespaces.find(({ type }) => type === query.namespace)?.type,
        agent: publicAgents.find(({ id }) => id === query.agent)?.id,
      }}
      namespaces={namespaces.map(({ type, label, color, defaultAgent }) => ({ type, label, color, defaultAgent }))}
      model={{ label, demo }}
    />
  );
});
