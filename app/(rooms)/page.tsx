import { NewChat } from "#components/chat/new-chat.tsx";
import { publicAgents } from "#lib/agents/directory.ts";
import { page } from "#lib/guard.ts";
import { currentModel } from "#lib/models/current.ts";
import { listNamespaces } from "#lib/namespaces.ts";

export const metadata = { title: "New conversation" };

export default page(async (user, { query }) => {
  const [namespaces, { label, demo }] = await Promise.all([listNamespaces(user), currentModel()]);
  const begin = {
    namespace: namespaces.find(({ type }) => type === query.namespace)?.type,
    agent: publicAgents.find(({ id }) => id === query.agent)?.id,
  };
  return (
    <NewChat
      key={`${begin.namespace} ${begin.agent}`}
      begin={begin}
      person={user.id}
      namespaces={namespaces.map(({ type, label, color, defaultAgent }) => ({ type, label, color, defaultAgent }))}
      model={{ label, demo }}
    />
  );
});
