-- One row is a deal and a person on it, by an id or an address that the deal names, with where the link comes from. A
-- deal that names nobody is, if `vars` say so, of the people whom its account had by then.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_canonical_deal_contacts') }}
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

address_persons as (
    select * from {{ ref('int_identity_address_persons') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

listed as (
    select
        deal_key,
        source_system,
        {{ split_list('lead_ids') }} as record_id
    from deals
    where lead_ids is not null
),

mentions as (
    select
        deal_key,
        source_system,
        trim(record_id) as record_id,
        cast(null as string) as role,
        'file' as association_source,
        false as is_primary
    from listed
    union all
    select
        deals.deal_key,
        deals.source_system,
        deal_contacts.lead_id as record_id,
        deal_contacts.role,
        coalesce(deal_contacts.association_source, 'file') as association_source,
        coalesce(deal_contacts.is_primary, false) as is_primary
    from deal_contacts
    inner join deals
        on deal_contacts.source_system = deals.source_system and deal_contacts.deal_id = deals.deal_id
),

address_mentions as (
    select
        deal_key,
        'e-mail' as address_kind,
        {{ split_list('email_hashes') }} as address_hash
    from deals
    where email_hashes is not null
    union all
    select
        deal_key,
        'phone' as address_kind,
        {{ split_list('phone_hashes') }} as address_hash
    from deals
    where phone_hashes is not null
),

resolved as (
    select
        mentions.deal_key,
        coalesce(own.buyer_key, elsewhere.buyer_key) as lead_key,
        mentions.role,
        mentions.association_source,
        mentions.is_primary
    from mentions
    left join person_references as own
        on mentions.source_system = own.source_system and mentions.record_id = own.record_id
    left join person_references as elsewhere
        on elsewhere.source_system = '*' and mentions.record_id = elsewhere.record_id
    union all
    select
        address_mentions.deal_key,
        address_persons.lead_key,
        cast(null as string) as role,
        'file' as association_source,
        false as is_primary
    from address_mentions
    inner join address_persons
        on
            address_mentions.address_kind = address_persons.address_kind
            and address_mentions.address_hash = address_persons.address_hash
),

named_people as (
    select
        deal_key,
        lead_key,
        max(role) as role,
        -- a link that the CRM itself keeps says more than a list in a file
        coalesce(min(case when association_source != 'file' then association_source end), 'file')
            as association_source,
        max(is_primary) as is_primary
    from resolved
    where lead_key is not null
    group by deal_key, lead_key
),

account_people as (
    select
        deals.deal_key,
        leads.lead_key,
        cast(null as string) as role,
        'account' as association_source,
        false as is_primary
    from deals
    inner join leads
        on
            deals.account_key = leads.account_key
            and leads.is_lead
            and (deals.closed_at is null or leads.created_at <= deals.closed_at)
    left join named_people
        on deals.deal_key = named_people.deal_key
    where {{ var('deal_contacts_of_account') }} and named_people.deal_key is null
),

links as (
    select * from named_people
    union all
    select * from account_people
)

select * from links
