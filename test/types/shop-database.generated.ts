export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  // What the client may ask of the server: spread of many rows, max-affected.
  __InternalSupabase: { PostgrestVersion: '14.1' };
  public: {
    Tables: {
      customer: {
        Row: {
          balance: Database["public"]["CompositeTypes"]["money_of"] | null
          email: string
          id: number
          "last seen": string | null
          mood: Database["public"]["Enums"]["mood"] | null
          moods: Database["public"]["Enums"]["mood"][]
          settings: Json
          shouted: string | null
          since: string
          label: string | null
        }
        Insert: {
          balance?: Database["public"]["CompositeTypes"]["money_of"] | null
          email: string
          id?: never
          "last seen"?: string | null
          mood?: Database["public"]["Enums"]["mood"] | null
          moods?: Database["public"]["Enums"]["mood"][]
          settings?: Json
          shouted?: never
          since?: string
        }
        Update: {
          balance?: Database["public"]["CompositeTypes"]["money_of"] | null
          email?: string
          id?: never
          "last seen"?: string | null
          mood?: Database["public"]["Enums"]["mood"] | null
          moods?: Database["public"]["Enums"]["mood"][]
          settings?: Json
          shouted?: never
          since?: string
        }
        Relationships: []
      };
      profile: {
        Row: {
          about: string | null
          customer_id: number
        }
        Insert: {
          about?: string | null
          customer_id: number
        }
        Update: {
          about?: string | null
          customer_id?: number
        }
        Relationships: [
          { foreignKeyName: "profile_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: true; referencedRelation: "customer"; referencedColumns: ["id"] },
          { foreignKeyName: "profile_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: true; referencedRelation: "glad_customer"; referencedColumns: ["id"] },
        ]
      };
      purchase: {
        Row: {
          customer_id: number
          gift_for: number | null
          id: string
          paid: boolean
          picture: string | null
          stars: number
          valid: string | null
        }
        Insert: {
          customer_id: number
          gift_for?: number | null
          id?: string
          paid?: boolean
          picture?: string | null
          stars?: number
          valid?: string | null
        }
        Update: {
          customer_id?: number
          gift_for?: number | null
          id?: string
          paid?: boolean
          picture?: string | null
          stars?: number
          valid?: string | null
        }
        Relationships: [
          { foreignKeyName: "purchase_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: false; referencedRelation: "customer"; referencedColumns: ["id"] },
          { foreignKeyName: "purchase_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: false; referencedRelation: "glad_customer"; referencedColumns: ["id"] },
          { foreignKeyName: "purchase_gift"; columns: ["gift_for"]; isOneToOne: false; referencedRelation: "customer"; referencedColumns: ["id"] },
          { foreignKeyName: "purchase_gift"; columns: ["gift_for"]; isOneToOne: false; referencedRelation: "glad_customer"; referencedColumns: ["id"] },
        ]
      };
    };
    Views: {
      glad_customer: {
        Row: {
          email: string | null
          id: number | null
        }
        Insert: {
          email?: string | null
          id?: number | null
        }
        Update: {
          email?: string | null
          id?: number | null
        }
        Relationships: []
      };
      purchase_count: {
        Row: {
          customer_id: number | null
          purchases: number | null
        }
        Relationships: [
          { foreignKeyName: "purchase_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: false; referencedRelation: "customer"; referencedColumns: ["id"] },
          { foreignKeyName: "purchase_customer_id_fkey"; columns: ["customer_id"]; isOneToOne: false; referencedRelation: "glad_customer"; referencedColumns: ["id"] },
        ]
      };
    };
    Functions: {
      customers_like: { Args: { pattern: string }; Returns: { balance: Database["public"]["CompositeTypes"]["money_of"] | null; email: string; id: number; "last seen": string | null; mood: Database["public"]["Enums"]["mood"] | null; moods: Database["public"]["Enums"]["mood"][]; settings: Json; shouted: string | null; since: string }[]; SetofOptions: { from: "*"; to: "customer"; isOneToOne: false; isSetofReturn: true } };
      greet: { Args: { name: string; times?: number }; Returns: string };
      label: { Args: { "": Database["public"]["Tables"]["customer"]["Row"] }; Returns: string };
      overloaded: 
        | { Args: never; Returns: number }
        | { Args: { a: number }; Returns: string };
      take: { Args: { "": Json }; Returns: undefined };
      top_customers: { Args: { ids?: number[] }; Returns: { id: number; total: number }[] };
      twice: 
        | { Args: { n: number }; Returns: { error: true } & "Could not choose the best candidate function between: public.twice(n => int4), public.twice(n => text)" }
        | { Args: { n: string }; Returns: { error: true } & "Could not choose the best candidate function between: public.twice(n => int4), public.twice(n => text)" };
    };
    Enums: {
      mood: "glad" | "sad's" | "so \"so\"";
    };
    CompositeTypes: {
      money_of: { amount: number | null; currency: string | null };
    };
  };
  stock: {
    Tables: {
      item: {
        Row: {
          customer_id: number | null
          id: number
        }
        Insert: {
          customer_id?: number | null
          id: number
        }
        Update: {
          customer_id?: number | null
          id?: number
        }
        Relationships: []
      };
    };
    Views: { [_ in never]: never };
    Functions: { [_ in never]: never };
    Enums: { [_ in never]: never };
    CompositeTypes: { [_ in never]: never };
  };
};

type Schemas = Omit<Database, '__InternalSupabase'>;
type DefaultSchema = Schemas["public"];
type Elsewhere = { schema: keyof Schemas };

type Relations<Schema extends { Tables: unknown; Views: unknown }> = Schema['Tables'] & Schema['Views'];
type Member<Item, Name extends string> = Item extends { [_ in Name]: infer Type } ? Type : never;

export type Tables<
  Name extends keyof Relations<DefaultSchema> | Elsewhere,
  Relation extends Name extends Elsewhere ? keyof Relations<Schemas[Name['schema']]> : never = never,
> = Name extends Elsewhere
  ? Member<Relations<Schemas[Name['schema']]>[Relation], 'Row'>
  : Name extends keyof Relations<DefaultSchema>
    ? Member<Relations<DefaultSchema>[Name], 'Row'>
    : never;

export type TablesInsert<
  Name extends keyof DefaultSchema['Tables'] | Elsewhere,
  Relation extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['Tables'] : never = never,
> = Name extends Elsewhere
  ? Member<Schemas[Name['schema']]['Tables'][Relation], 'Insert'>
  : Name extends keyof DefaultSchema['Tables']
    ? Member<DefaultSchema['Tables'][Name], 'Insert'>
    : never;

export type TablesUpdate<
  Name extends keyof DefaultSchema['Tables'] | Elsewhere,
  Relation extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['Tables'] : never = never,
> = Name extends Elsewhere
  ? Member<Schemas[Name['schema']]['Tables'][Relation], 'Update'>
  : Name extends keyof DefaultSchema['Tables']
    ? Member<DefaultSchema['Tables'][Name], 'Update'>
    : never;

export type Enums<
  Name extends keyof DefaultSchema['Enums'] | Elsewhere,
  Type extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['Enums'] : never = never,
> = Name extends Elsewhere
  ? Schemas[Name['schema']]['Enums'][Type]
  : Name extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][Name]
    : never;

export type CompositeTypes<
  Name extends keyof DefaultSchema['CompositeTypes'] | Elsewhere,
  Type extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['CompositeTypes'] : never = never,
> = Name extends Elsewhere
  ? Schemas[Name['schema']]['CompositeTypes'][Type]
  : Name extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][Name]
    : never;

export const Constants = {
  public: { Enums: { mood: ["glad","sad's","so \"so\""] } },
  stock: { Enums: {} },
} as const;

