-- One row is a disagreement between what happened (or what the CRM claims) and what both teams signed.
with

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

claims as (
    select * from {{ ref('int_agreement_claims') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

records as (
    select * from {{ ref('int_identity_records') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

criteria as (
    select * from {{ ref('stage_criteria') }}
),

windows as (
    select * from {{ ref('stg_closedloop__agreement_windows') }}
),

-- a stage that a version gives no criteria is not used in it, so nobody can have skipped it
used_stages as (
    select distinct
        criteria.stage,
        criteria.version,
        windows.starts_at,
        windows.ends_at
    from criteria
    inner join windows
        on criteria.version = windows.version
),

unknown_stages as (
    select
        lead_key,
        cast(null as string) as deal_key,
        stage,
        'unknown_stage' as violation_type,
        concat('the CRM says "', stage, '", which is none of the agreed stages') as detail,
        claimed_at,
        'data' as team
    from claims
    where not is_known
),

later_stages as (
    select
        lead_key,
        'sql' as stage,
        mql_at as stage_at,
        coalesce(opportunity_at, customer_at) as later_at
    from lead_stages
    where sql_at is null
    union all
    select
        lead_key,
        'mql' as stage,
        lead_at as stage_at,
        coalesce(crm_sql_at, opportunity_at, customer_at) as later_at
    from lead_stages
    where mql_at is null
),

skipped_stages as (
    select
        later_stages.lead_key,
        cast(null as string) as deal_key,
        later_stages.stage,
        'stage_skipped' as violation_type,
        concat('a later stage was reached and ', later_stages.stage, ' was not') as detail,
        later_stages.later_at as claimed_at,
        'sales' as team
    from later_stages
    inner join used_stages
        on
            later_stages.stage = used_stages.stage
            and later_stages.later_at >= used_stages.starts_at
            and later_stages.later_at < used_stages.ends_at
    where later_stages.later_at is not null
),

backwards as (
    select
        lead_key,
        cast(null as string) as deal_key,
        'sql' as stage,
        'stage_before_predecessor' as violation_type,
        'the CRM says sql before mql' as detail,
        crm_sql_at as claimed_at,
        'sales' as team
    from lead_stages
    where crm_sql_at < crm_mql_at
),

first_contacts as (
    select
        deal_contacts.deal_key,
        min(leads.created_at) as first_contact_at,
        min(case when deal_contacts.is_primary then deal_contacts.lead_key end) as primary_lead_key
    from deal_contacts
    inner join leads
        on deal_contacts.lead_key = leads.lead_key
    group by deal_contacts.deal_key
),

won_early as (
    select
        first_contacts.primary_lead_key as lead_key,
        deals.deal_key,
        'customer' as stage,
        'won_before_first_contact' as violation_type,
        'the deal was won before the first contact of anybody on it' as detail,
        deals.closed_at as claimed_at,
        'sales' as team
    from deals
    inner join first_contacts
        on deals.deal_key = first_contacts.deal_key
    where deals.is_won and deals.closed_at < first_contacts.first_contact_at
),

address_counts as (
    select
        email_hash as address_hash,
        'e-mail' as address_kind,
        count(*) as record_count
    from records
    where is_lead_record and email_hash is not null
    group by email_hash
    union all
    select
        phone_hash as address_hash,
        'phone' as address_kind,
        count(*) as record_count
    from records
    where is_lead_record and phone_hash is not null
    group by phone_hash
),

shared_identifiers as (
    select
        persons.lead_key,
        cast(null as string) as deal_key,
        'lead' as stage,
        'shared_identifier' as violation_type,
        concat(
            'its ', address_counts.address_kind, ' stands on ', cast(address_counts.record_count as string),
            ' lead records, so it identifies nobody'
        ) as detail,
        min(persons.created_at) as claimed_at,
        'data' as team
    from address_counts
    inner join records
        on
            (address_counts.address_kind = 'e-mail' and records.email_hash = address_counts.address_hash)
            or (address_counts.address_kind = 'phone' and records.phone_hash = address_counts.address_hash)
    inner join persons
        on records.record_key = persons.record_key
    where address_counts.record_count > {{ var('identity_max_degree') }}
    group by persons.lead_key, address_counts.address_kind, address_counts.record_count
),

violations as (
    select * from unknown_stages
    union all
    select * from skipped_stages
    union all
    select * from backwards
    union all
    select * from won_early
    union all
    select * from shared_identifiers
),

keyed as (
    select
        {{
            stable_key([
                'violations.violation_type',
                'violations.lead_key',
                'violations.deal_key',
                'violations.stage',
                'violations.detail',
            ])
        }} as violation_key,
        violations.lead_key,
        violations.deal_key,

        violations.stage,
        violations.violation_type,
        violations.detail,
        windows.version as agreement_version,
        violations.team,
        'warn' as severity,

        violations.claimed_at
    from violations
    left join windows
        on violations.claimed_at >= windows.starts_at and violations.claimed_at < windows.ends_at
)

select * from keyed
