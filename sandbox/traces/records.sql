-- The CRMs' records of the leads: one for most, two for some, with what people mistyped and what was merged or deleted.
create macro record_id(crm, record_type, number) as (
    case
        when crm = 'hubspot' then printf('2%08d', number)
        when crm = 'zoho' then printf('487600000%08d', number)
        when record_type = 'contact' then printf('0035g%010d', number)
        else printf('00Q5g%010d', number)
    end
);

-- what is found is merged or deleted at once, or when the records are cleaned up in the first week of November
create macro cleaned_up(moment, i) as (
    case
        when chance('clean-up', i) < 0.5
        then greatest(date_trunc('second', moment), timestamp '2026-11-05 09:00:00' + to_seconds(i % 25200))
        else date_trunc('second', moment)
    end
);

create table records as
with

marked as (
    select
        mqls.i,
        mqls.crm,
        mqls.created_at,
        mqls.has_email,
        mqls.has_phone,
        people.email,
        people.phone,
        mqls.mql_at is null and mqls.claimed_at is null and exits.i is null as is_plain,
        opportunities.i is not null as has_deal,
        opportunities.deal_at,
        chance('twice', mqls.i) as twice,
        chance('mistyped', mqls.i) < 0.06 as can_be_mistyped,
        chance('deleted', mqls.i) < 0.02 as can_be_deleted,
        -- a business centre's number, given by all who rent a desk there
        is_plain
        and mqls.crm = 'hubspot'
        and mqls.has_phone
        and row_number()
            over (
                partition by is_plain, mqls.crm, mqls.has_phone order by chance('front desk', mqls.i), mqls.i
            )
        <= case when getvariable('leads') >= 400 then 40 else 0
        end as has_front_desk
    from mqls
    inner join people
        on mqls.i = people.i
    left join exits
        on mqls.i = exits.i
    left join opportunities
        on mqls.i = opportunities.i
),

first_records as (
    select
        *,
        case when crm = 'hubspot' then 'contact' else 'lead' end as record_type,
        is_plain and not has_front_desk and can_be_mistyped and has_email as is_mistyped,
        is_plain and not has_front_desk and not can_be_mistyped and can_be_deleted as is_deleted_once,
        case
            when has_front_desk or is_plain or not has_email then null
            when twice < 0.018 then 'same address'
            when twice < 0.028 and has_phone then 'other crm'
            when twice < 0.040 then 'merged'
            when twice < 0.043 then 'unknown'
        end as twin
    from marked
),

unioned as (
    select
        i,
        crm,
        record_type,
        record_id(crm, record_type, i * 4) as record_id,
        'first' as kind,
        created_at,
        case when has_email then case when is_mistyped then replace(email, '.example', '.exmaple') else email end end
            as email_at_first,
        case when has_email then email end as email,
        case
            when is_mistyped and chance('mended', i) < 0.8
            then date_trunc('second', created_at + wait_days(15, 'mended', i))
            when is_mistyped then timestamp '2100-01-01'
        end as mended_at,
        case when has_front_desk then '+622150001234' when has_phone then phone end as phone,
        null as merged_into,
        null as merged_at,
        case when is_deleted_once then cleaned_up(created_at + wait_days(30, 'deleted', i), i) end as deleted_at
    from first_records
    union all
    -- Salesforce makes a contact of a lead for which there is an opportunity
    select
        i,
        crm,
        'contact',
        record_id(crm, 'contact', i * 4 + 1),
        'converted',
        deal_at,
        case when has_email then email end,
        case when has_email then email end,
        null,
        case when has_phone then phone end,
        null,
        null,
        null
    from first_records
    where crm = 'salesforce' and has_deal
    union all
    select
        i,
        case when twin = 'other crm' then case crm when 'hubspot' then 'salesforce' else 'hubspot' end else crm end
            as twin_crm,
        case when twin_crm = 'hubspot' then 'contact' else 'lead' end as twin_type,
        record_id(twin_crm, twin_type, i * 4 + 2),
        twin,
        date_trunc('second', created_at + interval 1 day + wait_days(25, 'twin', i)),
        case twin
            when 'same address' then upper(email)
            when 'other crm' then null
            else replace(email, '@', '.2@')
        end as twin_email,
        twin_email as email,
        null,
        case when twin = 'other crm' then phone end,
        case when twin = 'merged' then record_id(crm, record_type, i * 4) end,
        case when twin = 'merged'
            then cleaned_up(created_at + interval 2 day + wait_days(25, 'twin', i) + wait_days(10, 'merged', i), i)
        end,
        null
    from first_records
    where twin is not null
)

select * from unioned;

-- a seller leaves or swaps, and a colleague takes the lead over
create table owner_changes as
select
    mqls.i,
    date_trunc('second', mqls.created_at + interval 1 day + wait_days(40, 'owner change', mqls.i)) as changed_at,
    sellers.owner
from mqls
inner join sellers as before
    on mqls.owner_id = before.owner_id
inner join sellers
    on mqls.crm = sellers.crm and sellers.desk = before.desk % before.desks + 1
where chance('owner changes', mqls.i) < 0.06;

create table accounts as
select
    mqls.crm,
    mqls.firm_number,
    case mqls.crm
        when 'hubspot' then printf('9%08d', mqls.firm_number)
        when 'zoho' then printf('487700000%08d', mqls.firm_number)
        else printf('0015g%010d', mqls.firm_number)
    end as account_id,
    min(mqls.created_at) as created_at,
    any_value(people.company) as company,
    any_value(people.industry) as industry,
    any_value(people.country) as country,
    any_value(people.city) as city,
    -- what a lead lacks is taken from its account: so where somebody's size came late, the account does not tell either
    case when count(mqls.size_known_at) = 0 then any_value(people.employee_count) end as employee_count,
    lower(replace(any_value(people.company), ' ', '')) || mqls.firm_number || '.example' as domain,
    arg_min(mqls.owner, mqls.created_at) as owner
from mqls
inner join people
    on mqls.i = people.i
group by mqls.crm, mqls.firm_number;
