-- One row is a way in which a source may name a lead record by its id alone: (referring source, id) -> person.
-- A source names its own records; an id of another source counts where exactly one person carries it. Where a lead and
-- a contact of one source share an id and are two persons, `lead_key` is the lead's, by which stage histories and
-- touches go, and `buyer_key` the contact's, by which deals go: a CRM's deals have contacts.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

records as (
    select * from {{ ref('int_identity_persons') }}
    where is_lead_record
),

-- what was merged into a record is still named by its old id
former_ids as (
    select
        records.source_system,
        records.record_type,
        records.lead_key,
        {{ split_list('leads.merged_ids') }} as record_id
    from leads
    inner join records
        on
            leads.source_system = records.source_system
            and leads.record_type = records.record_type
            and leads.lead_id = records.record_id
    where leads.merged_ids is not null
),

persons as (
    select
        source_system,
        record_type,
        lead_key,
        record_id
    from records
    union all
    select
        source_system,
        record_type,
        lead_key,
        trim(record_id) as record_id
    from former_ids
),

own as (
    select
        source_system,
        record_id,
        coalesce(
            min(case when record_type = 'lead' then lead_key end), min(lead_key)
        ) as lead_key,
        coalesce(
            min(case when record_type = 'contact' then lead_key end), min(lead_key)
        ) as buyer_key,
        count(distinct lead_key) > 1 as is_ambiguous
    from persons
    group by source_system, record_id
),

anywhere as (
    select
        record_id,
        min(lead_key) as lead_key
    from persons
    group by record_id
    having count(distinct lead_key) = 1
),

unioned as (
    select
        source_system,
        record_id,
        lead_key,
        buyer_key,
        is_ambiguous
    from own
    union all
    select
        '*' as source_system,
        record_id,
        lead_key,
        lead_key as buyer_key,
        false as is_ambiguous
    from anywhere
)

select * from unioned
