import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { collapsedCookie, collapsedFrom } from "#components/sidebar/collapsed.ts";
import { MainColumn } from "#components/sidebar/main-column.tsx";
import { Sidebar } from "#components/sidebar/sidebar.tsx";
import { currentUser } from "#lib/auth.ts";
import { sidebarContents } from "#lib/sidebar.ts";

export default async function RoomsLayout({ children }: { children: ReactNode }) {
  const user = await currentUser();
  if (!user) redirect("/sign-in");
  const folded = collapsedFrom((await cookies()).get(collapsedCookie)?.value);
  return (
    <div className="flex">
      <a
        href="#main"
        className="sr-only rounded-control bg-ink px-3 py-2 text-paper focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the page
      </a>
      <Sidebar
        key={user.id}
        user={{ id: user.id, name: user.name, role: user.role }}
        contents={await sidebarContents(user)}
        folded={folded}
      />
      <MainColumn>{children}</MainColumn>
    </div>
  );
}
