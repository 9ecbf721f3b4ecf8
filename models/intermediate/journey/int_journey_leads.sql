-- One row is a person with what its records say: the record that changed last speaks first, field by field.
with

persons as (
    select * from {{ ref('int_identity_persons') }}
),

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

described as (
    select
        persons.lead_key,
        persons.is_lead_record,
        persons.created_at,
        leads.account_id,
        {{ stable_key(['leads.source_system', 'leads.account_id']) }} as account_key,
        leads.self_reported_source,
        leads.industry,
        leads.country,
        leads.owner,
        leads.consent,
        row_number() over by_change as change_number
    from persons
    left join leads
        on
            persons.source_system = leads.source_system
            and persons.record_type = leads.record_type
            and persons.record_id = leads.lead_id
            and persons.is_lead_record
    window by_change as (
        partition by persons.lead_key
        order by
            coalesce(leads.updated_at, persons.created_at),
            case when persons.is_survivor then 1 else 0 end,
            persons.record_key
    )
),

-- the greatest change number among those that say anything
merged as (
    select
        lead_key,
        max_by(account_key, change_number) filter (where account_id is not null) as account_key,
        max_by(self_reported_source, change_number) filter (where self_reported_source is not null)
            as self_reported_source,
        max_by(industry, change_number) filter (where industry is not null) as industry,
        max_by(country, change_number) filter (where country is not null) as country,
        max_by(owner, change_number) filter (where owner is not null) as owner_name,
        max_by(consent, change_number) filter (where consent is not null) as has_consent,
        max(is_lead_record) as is_lead,
        coalesce(min(created_at) filter (where is_lead_record), min(created_at)) as created_at
    from described
    group by lead_key
),

first_records as (
    select
        lead_key,
        source_system,
        record_id
    from persons
    where record_number = 1
),

joined as (
    select
        merged.lead_key,
        merged.account_key,
        first_records.source_system,
        first_records.record_id,

        merged.self_reported_source,
        merged.industry,
        merged.country,
        merged.owner_name,

        merged.has_consent,
        merged.is_lead,

        merged.created_at
    from merged
    inner join first_records
        on merged.lead_key = first_records.lead_key
)

select * from joined
