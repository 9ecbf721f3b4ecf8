-- Every record, browser, address and order of each person. A record is `is_findable` where it shares an address with
-- another record of its person, was merged, or is the only one; what was deleted tells nothing.
create table truth.persons as
with

known as (
    select
        records.i,
        'record' as kind,
        records.crm as source_system,
        records.record_type,
        records.record_id as identifier,
        records.created_at as known_from,
        records.kind as origin,
        records.kind != 'unknown' and (records.kind != 'merged' or is_past(records.merged_at)) as is_findable,
        coalesce(is_past(records.deleted_at), false) as is_deleted
    from records
    union all
    select distinct
        i,
        'browser',
        'web',
        null,
        browser,
        min(started_at) over (partition by i, browser),
        case when is_borrowed then 'borrowed' else 'own' end,
        null,
        null
    from visits
    where i is not null
    union all
    select
        i,
        'email',
        null,
        null,
        email,
        null,
        null,
        null,
        null
    from people
    union all
    select
        i,
        'phone',
        null,
        null,
        phone,
        null,
        null,
        null,
        null
    from people
    where gives_phone
    union all
    select
        i,
        'order',
        'marketplace',
        null,
        order_id,
        ordered_at,
        null,
        null,
        null
    from orders
    where i is not null
)

select
    people.person_id,
    known.kind,
    known.source_system,
    known.record_type,
    known.identifier,
    utc(known.known_from) as known_from,
    known.origin,
    known.is_findable,
    known.is_deleted
from known
inner join people
    on known.i = people.i
where known.known_from is null or is_past(known.known_from)
order by people.person_id, known.kind, known.source_system, known.identifier;
