import { Chat } from "#components/chat/chat.tsx";
import { ownConversation } from "#lib/access.ts";
import { kinshipOf } from "#lib/forks.ts";
import { page } from "#lib/guard.ts";
import { currentModel } from "#lib/models/current.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { openThread } from "#lib/open-thread.ts";

export const generateMetadata = page(async (user, { params }) => {
  const { title } = await ownConversation(user, params.conversation ?? "");
  return { title };
});

export default page(async (user, { params, query }) => {
  const conversation = await ownConversation(user, params.conversation ?? "");
  const [thread, kinship, namespaces, { label, demo }] = await Promise.all([
    openThread(conversation, { branch: query.branch }),
    kinshipOf(user, conversation),
    listNamespaces(user),
    currentModel(),
  ]);
  return (
    <Chat
      person={user.id}
      thread={thread}
      kinship={kinship}
      namespaces={namespaces.map(({ type, label, color, defaultAgent }) => ({ type, label, color, defaultAgent }))}
      model={{ label, demo }}
    />
  );
});
