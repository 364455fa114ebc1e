import { Chat } from "#components/chat/chat.tsx";
import { page } from "#lib/guard.ts";
import { currentModel } from "#lib/models/current.ts";
import { listNamespaces } from "#lib/namespaces.ts";

export const metadata = { title: "New conversation" };

export default page(async (user) => {
  const [namespaces, { label, demo }] = await Promise.all([listNamespaces(user), currentModel()]);
  return (
    <Chat
      person={user.id}
      thread={null}
      namespaces={namespaces.map(({ type, label, color, defaultAgent }) => ({ type, label, color, defaultAgent }))}
      model={{ label, demo }}
    />
  );
});
