import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { keepPress } from "#components/ui/early-press.ts";
import { PressAgain } from "#components/ui/press-again.tsx";
import { themeCookie, themeFrom } from "#components/ui/theme.ts";
import { Tips } from "#components/ui/tips.tsx";
import { Toasts } from "#components/ui/toast.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Switchboard", template: "%s · Switchboard" },
  description: "Specialist agents that answer in one shared conversation.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf8" },
    { media: "(prefers-color-scheme: dark)", color: "#161513" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      data-theme={theme === "system" ? undefined : theme}
      suppressHydrationWarning
    >
      <body>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a function of ours. */}
        <script dangerouslySetInnerHTML={{ __html: `(${keepPress})()` }} />
        {children}
        <PressAgain />
        <Toasts />
        <Tips />
      </body>
    </html>
  );
}
